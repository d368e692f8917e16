/** What one can do in the view by keys and from the palette. */
import type { Command } from '../../state/commands.svelte';
import { exportOf } from './exporting';
import type { EnergyState } from './state.svelte';
import { tabs } from './tabs';

export function energyCommands(scene: EnergyState): Command[] {
  const { link } = scene;
  const random = () => scene.goTo(Math.floor(Math.random() * (scene.opened?.sizes[scene.side] ?? 1)));
  const form = () => link.set({ form: link.form === 'solid' ? 'flat' : 'solid' });
  const commands: readonly Omit<Command, 'group'>[] = [
    { id: 'energy.export', title: 'Export the figure', keys: 'Mod+E', run: () => exportOf(scene)?.() },
    { id: 'energy.next', title: 'Next image', keys: 'ArrowRight', run: () => scene.goTo(link.index + 1) },
    { id: 'energy.previous', title: 'Previous image', keys: 'ArrowLeft', run: () => scene.goTo(link.index - 1) },
    { id: 'energy.random', title: 'A random image', keys: 'R', run: random },
    {
      id: 'energy.own',
      title: 'Back to the dataset image',
      run: () => scene.leaveHanded(),
      enabled: () => scene.fromElsewhere,
    },
    { id: 'energy.form', title: 'Switch between contours and surfaces', keys: 'V', run: form },
    ...tabs.map(({ value, label }) => ({
      id: `energy.${value}`,
      title: `Show ${label.toLowerCase()}`,
      run: () => link.set({ show: value }),
    })),
  ];
  return commands.map((command) => ({ ...command, group: 'Energy' }));
}
