/** What one can do in the view by keys and from the palette. */
import type { Command } from '../../state/commands.svelte';
import type { Generator } from './generator.svelte';

export interface Acts {
  readonly dice: () => void;
  readonly compare: () => void;
  readonly keep: () => void;
  readonly open: () => void;
  readonly exportGrid: () => void;
}

export function generateCommands(generator: Generator, acts: Acts): Command[] {
  const picked = () => generator.selected !== undefined;
  const play = () => (generator.playing ? generator.pause() : void generator.play());
  const close = () => (generator.selected = undefined);
  const commands: readonly Omit<Command, 'group'>[] = [
    { id: 'generate.play', title: 'Play or pause', keys: 'Space', run: play, enabled: () => generator.ready },
    { id: 'generate.step', title: 'Step once', keys: '.', run: () => void generator.advance(1) },
    { id: 'generate.rewind', title: 'Back to the start', keys: ',', run: () => void generator.rewind() },
    { id: 'generate.slow', title: 'Slow motion', keys: 'S', run: () => (generator.slow = !generator.slow) },
    { id: 'generate.dice', title: 'Roll another seed', keys: 'R', run: acts.dice },
    { id: 'generate.compare', title: 'Compare two sets, or end it', keys: 'B', run: acts.compare },
    { id: 'generate.keep', title: 'Keep the image', keys: 'K', run: acts.keep, enabled: picked },
    { id: 'generate.close', title: 'Back to the settings', keys: 'Escape', run: close, enabled: picked, hidden: true },
    { id: 'generate.open', title: 'Start from a picture', run: acts.open },
    { id: 'generate.export', title: 'Export the grid as PNG', keys: 'Mod+E', run: acts.exportGrid },
  ];
  return commands.map((command) => ({ ...command, group: 'Generate' }));
}
