/** The entry of a child process: 'library' or 'engine', served over the channel to the host. It ends when the host does. */
import os from 'node:os';
import type { EngineId } from '../engine/engine';
import { engineIds } from '../engine/engine';
import { partOf } from '../contract/api';
import type { EngineStatus } from '../contract/areas/app';
import { AppError } from '../lib/errors';
import { connectToHost } from './child-end';
import type { SuiteWork } from './engine/jobs';
import { engineInternal, workContract } from './internal';
import { datasetDesk } from './library/desk';
import { type LooseHandlers, serve } from './serve';
import { workHandlers } from './work';

/** Arguments: role, data folder, engine ('' for the best). */
export async function runChild(
  [role, dataFolder = '', engine = '']: readonly string[],
  suite: SuiteWork,
): Promise<void> {
  // before there are threads, which inherit it: windows and the host are answered first, and training takes what is left
  if (role === 'engine') os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  const connection = connectToHost();
  if (role === 'library') await serve(connection, { ...partOf('library'), ...workContract }, await library(dataFolder));
  else if (role === 'engine')
    await serve(connection, { ...partOf('engine'), ...engineInternal }, await computing(dataFolder, engine, suite));
  else throw new AppError('FAILED', `A child process was started as '${String(role)}'.`);
  process.exit(0);
}

async function library(dataFolder: string): Promise<LooseHandlers> {
  const { libraryHandlers } = await import('./library/handlers');
  const { dataWork } = await import('./library/data-jobs');
  const { emptyTrash, keptMilliseconds } = await import('./library/trash');
  const desk = datasetDesk(dataFolder);
  // what cannot be deleted now is tried at the next start
  void emptyTrash(dataFolder, Date.now() - keptMilliseconds).catch(() => undefined);
  return { ...libraryHandlers(desk), ...workHandlers((request, context) => dataWork(request, desk, context)) };
}

async function computing(dataFolder: string, asked: string, suite: SuiteWork): Promise<LooseHandlers> {
  const { openEngine } = await import('../engine/open');
  const { engineDesk } = await import('./engine/desk');
  const { engineHandlers } = await import('./engine/handlers');
  const { engineWork } = await import('./engine/work');
  const id: EngineId | undefined = engineIds.find((known) => known === asked);
  const desk = engineDesk(datasetDesk(dataFolder), () => openEngine(id));
  return {
    ...engineHandlers(desk),
    ...workHandlers((request, context) => engineWork(request, { ...context, desk }, suite)),
    async 'engine.open'(): Promise<EngineStatus> {
      const { id, device, version, threads } = await desk.engine();
      return { state: 'ready', id, device, version, threads };
    },
  };
}
