import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captured } from './captured';
import { createRun } from '../../core/runs/store';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lowland-runs-cli-'));
  for (const [name, rate] of [
    ['slow', 0.1],
    ['fast', 0.2],
  ] as const) {
    const configuration = { model: { id: 'wrn', options: { width: 2 } }, rate };
    const run = await createRun(path.join(root, 'runs', name), {
      kind: 'train',
      name,
      configuration,
      seed: 0,
      engine: 'cpu',
    });
    run.append({ kind: 'step', step: 1, loss: 1, note: 'a "b", c' });
    run.append({ kind: 'step', step: 2, loss: 3 });
    run.append({ kind: 'evaluation', step: 2, 'accuracy.clean': rate });
    await run.update({ results: { clean: rate } });
    await run.close('done');
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

const cli = (...args: string[]) => captured(...args, '--data-dir', root);
const json = async (...args: string[]): Promise<unknown> => JSON.parse((await cli(...args, '--json')).out);

test('runs are listed, and one that cannot be read does not hide the others', async () => {
  const broken = path.join(root, 'runs', 'broken');
  await createRun(broken, { kind: 'train', name: 'broken', configuration: {}, seed: 0, engine: 'cpu' }).then((run) =>
    run.close('done'),
  );
  await writeFile(path.join(broken, 'run.json'), '{"format": 99}');
  expect(await json('runs', 'list')).toMatchObject([
    { name: 'broken', state: 'unreadable', problem: expect.stringContaining('run format 99') },
    { name: 'fast', state: 'done', results: { clean: 0.2 } },
    { name: 'slow', state: 'done' },
  ]);
  expect((await cli('runs', 'list')).out).toMatch(/slow +train +done +10.0%/);
  expect(await json('runs', 'remove', 'broken')).toEqual({ removed: [broken] });
});

test('a run shows its configuration, metrics and checkpoints', async () => {
  expect(await json('runs', 'show', 'slow')).toMatchObject({
    configuration: { rate: 0.1 },
    metrics: { loss: { last: 3, step: 2, best: { value: 1, step: 1 } }, 'accuracy.clean': { last: 0.1 } },
  });
  expect((await cli('runs', 'show', path.join(root, 'runs', 'slow'))).out).toContain('1 at step 1');
});

test('a comparison holds only what differs', async () => {
  expect(await json('runs', 'compare', 'slow', 'fast')).toMatchObject({
    runs: ['slow', 'fast'],
    differences: { rate: [0.1, 0.2] },
    metrics: { 'accuracy.clean': [{ last: 0.1 }, { last: 0.2 }] },
  });
  expect((await cli('runs', 'compare', 'slow', 'slow')).out).toContain('asked to do the same');
});

test('a log is exported as CSV, JSON and a TensorBoard file', async () => {
  const out = path.join(root, 'log.csv');
  await cli('runs', 'export', 'slow', '--format', 'csv', '--out', out);
  const [head, first] = (await readFile(out, 'utf8')).split('\n');
  expect(head).toBe('seq,t,step,epoch,kind,loss,note,accuracy.clean');
  expect(first).toMatch(/^0,\d+,1,,step,1,"a ""b"", c",$/);
  await cli('runs', 'export', 'slow', '--format', 'json', '--out', path.join(root, 'log.json'));
  expect(JSON.parse(await readFile(path.join(root, 'log.json'), 'utf8'))).toMatchObject({
    run: { name: 'slow' },
    events: [{ seq: 0 }, { seq: 1 }, { seq: 2 }],
  });
  const { out: said } = await cli('runs', 'export', 'slow');
  expect(said).toMatch(/tensorboard.events\.out\.tfevents\.\d+\.lowland/);
});

test.each([
  [['runs', 'show', 'slwo'], 3, "error[NOT_FOUND]: Unknown run 'slwo'.\n  Did you mean 'slow'?"],
  [['runs', 'remove', os.tmpdir()], 3, 'error[NOT_FOUND]'],
  [['runs', 'export', 'slow', '--format', 'tensorbord'], 2, "Did you mean 'tensorboard'?"],
])('%j', async (args, code, message) => {
  const result = await cli(...args);
  expect(result.err).toContain(message);
  expect(result).toMatchObject({ code, out: '' });
});

test("a run whose configuration is not a training run's is not resumed, and stays as it is", async () => {
  const before = await json('runs', 'show', 'slow');
  const result = await cli('train', '--resume', 'slow');
  expect(result.err).toContain("error[BAD_FILE]: The configuration of '");
  expect(result.code).toBe(3);
  expect(await readdir(path.join(root, 'runs', 'slow'))).not.toContain('lock');
  expect(await json('runs', 'show', 'slow')).toEqual(before);
});
