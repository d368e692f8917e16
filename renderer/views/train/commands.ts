/** The commands of the Train view. */
import type { RunDetails } from '../../../core/contract/areas/runs';
import type { Command } from '../../state/commands.svelte';
import { type runActions, canHalt, canResume } from './data/actions';
import type { ListedRun } from './data/rows.svelte';

interface View {
  readonly actions: ReturnType<typeof runActions>;
  /** The chosen runs, the first of which is shown in full. */
  readonly chosen: () => readonly ListedRun[];
  readonly details: () => RunDetails | undefined;
  readonly create: () => void;
  readonly again: (details: RunDetails) => void;
  readonly toggleTable: () => void;
  readonly step: (by: number) => void;
  readonly removed: (run: string) => void;
}

export function trainCommands(view: View): Command[] {
  const { actions, chosen, details } = view;
  const first = () => chosen()[0];
  const onFirst = (act: (run: ListedRun) => unknown) => () => {
    const run = first();
    if (run) act(run);
  };
  const firstIs = (can: (run: ListedRun) => boolean) => () => {
    const run = first();
    return run !== undefined && can(run);
  };
  const group = 'Train';
  return [
    { id: 'train.new', title: 'New run', keys: 'N', group, run: view.create },
    { id: 'train.pause', title: 'Pause the run', group, run: onFirst(actions.pause), enabled: firstIs(canHalt) },
    { id: 'train.resume', title: 'Resume the run', group, run: onFirst(actions.resume), enabled: firstIs(canResume) },
    {
      id: 'train.duplicate',
      title: 'Duplicate the run',
      group,
      run: () => {
        const read = details();
        if (read) view.again(read);
      },
      enabled: () => details() !== undefined,
    },
    { id: 'train.table', title: 'Show runs as a table or as charts', keys: 'T', group, run: view.toggleTable },
    { id: 'train.next', title: 'Next run', keys: 'J', group, hidden: true, run: () => view.step(1) },
    { id: 'train.previous', title: 'Previous run', keys: 'K', group, hidden: true, run: () => view.step(-1) },
    {
      id: 'train.remove',
      title: 'Remove the chosen runs',
      group,
      run: () =>
        void actions.remove(
          chosen().map(({ run }) => run),
          view.removed,
        ),
      enabled: () => chosen().length > 0 && chosen().every(({ state }) => state !== 'running'),
    },
  ];
}
