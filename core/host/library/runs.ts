/** Runs for windows: the list, logs that grow, pictures, comparison, removal that can be undone, export. */
import type { HandlersOf } from '../../contract/api';
import type { DatasetDesk } from './desk';
import { differences, runDetails } from './runs/details';
import { runFolder } from './runs/folder';
import { runImage, runImages } from './runs/images';
import { logPieces } from './runs/log';
import { runList } from './runs/rows';
import { restoreRun, trashRun } from './runs/trash';

type RunCall =
  | 'runs.follow'
  | 'runs.read'
  | 'runs.events'
  | 'runs.images'
  | 'runs.image'
  | 'runs.compare'
  | 'runs.remove'
  | 'runs.restore'
  | 'runs.export';

export function runHandlers({ dataFolder }: Pick<DatasetDesk, 'dataFolder'>): Pick<HandlersOf<'library'>, RunCall> {
  const list = runList(dataFolder);
  const folderOf = (run: string) => runFolder(dataFolder, run);
  return {
    'runs.follow': (_input, { signal }) => list.follow(signal),
    'runs.read': async ({ run }) => runDetails(run, await folderOf(run)),
    async *'runs.events'({ run }, { signal, after }) {
      yield* logPieces(await folderOf(run), after, signal);
    },
    'runs.images': async ({ run }) => runImages(await folderOf(run)),
    'runs.image': async ({ run, image }) => runImage(await folderOf(run), image),
    'runs.compare': async ({ runs }) => differences(await Promise.all(runs.map(folderOf))),
    'runs.remove': async ({ run }) => trashRun(dataFolder, await folderOf(run)),
    async 'runs.restore'({ trashed }) {
      await restoreRun(dataFolder, trashed);
      return null;
    },
    // figures and reports are a large part of the program, and seldom needed
    'runs.export': async ({ run, format }) =>
      (await import('./runs/export')).exportedRun(run, await folderOf(run), format),
  };
}
