/** What one can do in the view from the palette. */
import type { Command } from '../../state/commands.svelte';
import type { DatasetsState } from './state.svelte';

export function datasetsCommands(view: DatasetsState): Command[] {
  const opened = () => view.split !== undefined;
  const commands: readonly Omit<Command, 'group'>[] = [
    { id: 'datasets.list', title: 'Show all datasets', run: () => view.showAll(), enabled: () => view.dataset !== '' },
    { id: 'datasets.add', title: 'Add a dataset', run: () => view.add() },
    { id: 'datasets.score', title: 'Score images with a model', run: () => (view.sheet = 'score'), enabled: opened },
    {
      id: 'datasets.statistics',
      title: 'Show the statistics',
      run: () => (view.sheet = 'statistics'),
      enabled: opened,
    },
    {
      id: 'datasets.export',
      title: 'Export the selected images',
      run: () => void view.save(),
      enabled: () => view.browser.selected.size > 0,
    },
  ];
  return commands.map((command) => ({ ...command, group: 'Datasets' }));
}
