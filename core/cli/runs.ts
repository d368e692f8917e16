/** `lowland runs list|show|compare|remove|export`: the run folders of this user, or any by path. */
import path from 'node:path';
import { writeAtomic } from '../lib/atomic';
import { AppError } from '../lib/errors';
import { choice } from '../lib/options';
import { runsFolder } from '../lib/paths';
import { listCheckpoints } from '../runs/checkpoints';
import { compareRuns } from '../runs/compare';
import { readEvents } from '../runs/events';
import { exportFormats, exportRun } from '../runs/export';
import { findRun, readRun, runNames } from '../runs/library';
import { metricSummaries } from '../runs/metrics';
import { removeRun } from '../runs/store';
import { type CommandEntry, defineCommand } from './command';
import { compareText, listText, showText } from './runs-text';

const run = { name: 'run', help: "A run's name, or the path of its folder.", required: true };

const list = defineCommand({
  id: 'runs list',
  summary: 'List your runs: what they are, how they stand, what they found.',
  examples: ['lowland runs list', 'lowland runs list --json'],
  arguments: [],
  options: {},
  async run(_args, _options, { dataFolder }) {
    const root = runsFolder(dataFolder);
    const names = await runNames(dataFolder);
    const json = await Promise.all(
      names.map(async (name) => {
        const folder = path.join(root, name);
        try {
          const { manifest, state } = await readRun(folder);
          const { kind, timings, results } = manifest;
          return { name, folder, state, kind, updated: timings.updated, seconds: timings.seconds, results };
        } catch (error) {
          return {
            name,
            folder,
            state: 'unreadable',
            problem: error instanceof AppError ? error.message : String(error),
          };
        }
      }),
    );
    return { json, text: listText(json, root) };
  },
});

const show = defineCommand({
  id: 'runs show',
  summary: 'Show one run: configuration, state, metrics, checkpoints.',
  examples: ['lowland runs show my-run', 'lowland runs show ./some/folder --json'],
  arguments: [run],
  options: {},
  async run([name = ''], _options, { dataFolder }) {
    const folder = await findRun(name, dataFolder);
    const [{ manifest, state }, events, checkpoints] = await Promise.all([
      readRun(folder),
      readEvents(folder),
      listCheckpoints(folder),
    ]);
    const json = { folder, state, ...manifest, checkpoints, metrics: metricSummaries(events) };
    return { json, text: showText(json) };
  },
});

const compare = defineCommand({
  id: 'runs compare',
  summary: 'Compare two runs: only the options that differ, and the best and last metrics.',
  examples: ['lowland runs compare my-at my-jeat'],
  arguments: [run, { ...run, name: 'other' }],
  options: {},
  async run([name = '', other = ''], _options, { dataFolder }) {
    const json = await compareRuns(await findRun(name, dataFolder), await findRun(other, dataFolder));
    return { json, text: compareText(json) };
  },
});

const remove = defineCommand({
  id: 'runs remove',
  summary: 'Delete runs that nothing is writing to.',
  examples: ['lowland runs remove my-run', 'lowland runs remove run-1 run-2'],
  arguments: [{ ...run, name: 'run...' }],
  options: {},
  async run(names, _options, { dataFolder }) {
    const folders = await Promise.all(names.map((name) => findRun(name, dataFolder)));
    for (const folder of folders) await removeRun(folder);
    return { json: { removed: folders }, text: folders.map((folder) => `Removed ${folder}`).join('\n') };
  },
});

const exportLog = defineCommand({
  id: 'runs export',
  summary: "Write a run's log as a TensorBoard event file, a CSV table or a JSON document.",
  examples: [
    'lowland runs export my-run --format csv --out my-run.csv',
    'lowland runs export my-run --format tensorboard',
  ],
  arguments: [run],
  options: { format: choice(exportFormats, 'tensorboard', 'What to write; by default into the run folder.') },
  async run([name = ''], { format }, { dataFolder, out }) {
    const folder = await findRun(name, dataFolder);
    const exported = await exportRun(folder, format);
    const place = format === 'tensorboard' && out ? path.join(out, path.basename(exported.name)) : out;
    const file = path.resolve(place ?? path.join(folder, exported.name));
    await writeAtomic(file, exported.content);
    const next = format === 'tensorboard' ? `\nLook at it with: tensorboard --logdir '${path.dirname(file)}'` : '';
    return { json: { format, file }, text: `Wrote ${file}${next}` };
  },
});

export const runsCommands: readonly CommandEntry[] = [list, show, compare, remove, exportLog];
