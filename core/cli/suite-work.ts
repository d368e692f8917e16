/** A suite as a job of the workbench: what `lowland evaluate --suite` does, on the engine that is open already. */
import path from 'node:path';
import type { SuiteWork } from '../host/engine/jobs';

export const suiteWork: SuiteWork = async (request, { dataFolder, engine, progress, signal, target }) => {
  const { runSuite } = await import('./suite-run');
  const { model, suite, dataset, images, norm, eps, seed } = request;
  const flags = { ...unused, suite, n: images, data: dataset, norm, eps: eps === undefined ? '' : String(eps) };
  let section = '';
  const told = {
    note(line: string) {
      if (/^\d+ of \d+: /.test(line)) section = line;
      progress.note(line);
    },
    update: (task: string, done: number, total: number, unit: string, note?: string) =>
      progress.update(task, done, total, unit, [section, note].filter(Boolean).join('; ')),
  };
  const context = { seed, engine: undefined, out: undefined, dataFolder, set: {}, signal, progress: told };
  await runSuite(model, suite, flags, { ...context, opened: engine }, (folder) => target(path.basename(folder)));
};

/** What a suite does not ask, and how the command takes images by default. */
const unused = { attacks: '', version: 'standard', split: 'test', batch: 128, resume: false, shard: '' } as const;
