/** Runs for windows: the list with its scores, logs while they grow and after resumes, images, comparison, trash, export. */
import { appendFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvents, RunRow } from '../../core/contract/areas/runs';
import type { HandlerContext } from '../../core/contract/contract';
import { runHandlers } from '../../core/host/library/runs';
import { pieces } from '../../core/host/library/runs/batch';
import { LineTail } from '../../core/host/library/runs/tail';
import { type Run, createRun, resumeRun } from '../../core/runs/store';

let folder: string;
let handlers: ReturnType<typeof runHandlers>;
let stop: AbortController;
const context = (after = -1): HandlerContext => ({ signal: stop.signal, after });
const configuration = {
  name: 'demo/jeat',
  dataset: 'fashion-mnist-mini',
  objective: { id: 'jeat', options: { eps: 0.1 } },
  training: { steps: 0, epochs: 2, batch: 10 },
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-runs-'));
  handlers = runHandlers({ dataFolder: folder });
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await rm(folder, { recursive: true, force: true });
});

const make = (name: string, eps = 0.1): Promise<Run> =>
  createRun(path.join(folder, 'runs', name), {
    kind: 'train',
    name,
    configuration: { ...configuration, objective: { id: 'jeat', options: { eps } } },
    seed: 1,
    engine: 'cpu',
  });
const step = (n: number) => ({ kind: 'step', step: n, epoch: n / 100, loss: 1 / n, 'energy.adversarial': -n });
const evaluation = (n: number, robust: number) => ({
  kind: 'evaluation',
  step: n,
  'accuracy.clean': 0.9,
  'accuracy.robust': robust,
});

async function allOf(run: string, after = -1): Promise<RunEvents[]> {
  const found: RunEvents[] = [];
  for await (const piece of handlers['runs.events']({ run }, context(after))) found.push(piece);
  return found;
}
const seqsOf = (found: readonly RunEvents[]) =>
  found.flatMap(({ steps, events }) => [...steps.seq, ...events.map(({ seq }) => seq)]).sort((a, b) => a - b);

describe('the log', () => {
  it('comes as columns of steps and the other events as they are, and ends when the run is over', async () => {
    const run = await make('a');
    run.append(step(1));
    run.append({ ...step(2), loss: null });
    run.append(evaluation(2, 0.5));
    await run.close('done');
    const [piece, ...more] = await allOf('a');
    expect(more).toEqual([]);
    expect(piece?.seq).toBe(2);
    expect([...(piece?.steps.step ?? [])]).toEqual([1, 2]);
    expect([...(piece?.steps.values.loss ?? [])]).toEqual([1, NaN]);
    expect([...(piece?.steps.values['energy.adversarial'] ?? [])]).toEqual([-1, -2]);
    expect(piece?.events).toMatchObject([{ kind: 'evaluation', 'accuracy.robust': 0.5, seq: 2 }]);
  });

  it('goes on from the seq that the reader knows', async () => {
    const run = await make('a');
    for (let n = 1; n <= 5; n++) run.append(step(n));
    await run.close('done');
    expect(seqsOf(await allOf('a', 2))).toEqual([3, 4]);
    expect(await allOf('a', 4)).toEqual([]);
  });

  it('follows a run while it is written, and ends after its last event', async () => {
    const run = await make('a');
    run.append(step(1));
    await run.flush();
    const stream = handlers['runs.events']({ run: 'a' }, context());
    expect((await stream[Symbol.asyncIterator]().next()).value.seq).toBe(0);
    run.append(step(2));
    await run.flush();
    expect((await stream[Symbol.asyncIterator]().next()).value.seq).toBe(1);
    run.append(step(3));
    await run.close('stopped');
    expect((await stream[Symbol.asyncIterator]().next()).value.seq).toBe(2);
    expect((await stream[Symbol.asyncIterator]().next()).done).toBe(true);
  });

  it('says at a resume which seqs it supersedes, after having given them', async () => {
    const run = await make('a');
    run.append(step(1));
    await run.checkpoint(1, { weights: new Uint8Array(1) });
    run.append(step(2));
    run.append(step(3));
    await run.close('stopped');
    const resumed = await resumeRun(path.join(folder, 'runs/a'));
    resumed.append(step(2));
    await resumed.close('done');
    const found = await allOf('a');
    expect(found.map(({ superseded }) => superseded)).toEqual([[[1, 2]], []]);
    expect([...(found[0]?.steps.seq ?? [])]).toEqual([0, 1, 2]);
    expect([...(found[1]?.steps.step ?? [])]).toEqual([2]);
  });

  it('keeps torn lines out until they are whole, and damaged ones for good', async () => {
    const file = path.join(folder, 'log');
    const tail = new LineTail(file);
    const read = async () => {
      const texts: string[] = [];
      for await (const lines of tail.news()) texts.push(lines.toString());
      return texts.join('');
    };
    expect(await read()).toBe('');
    await writeFile(file, '{"a":1}\n{"b"');
    expect(await read()).toBe('{"a":1}\n');
    expect(await read()).toBe('');
    await appendFile(file, ':2}\n');
    expect(await read()).toBe('{"b":2}\n');
    await appendFile(file, `${'x'.repeat(3_000_000)}\nend\n`);
    expect((await read()).length).toBe(3_000_005);
    await writeFile(file, '');
    await expect(read()).rejects.toMatchObject({ code: 'BAD_FILE' });
    expect([...pieces('{"kind":"step","step":1,"seq":0,"t":1}\n{"kind":"st\x00\n', -1)]).toHaveLength(1);
  });

  it('gives 100 000 events in well under ten seconds, a few thousand at a time', async () => {
    const run = await make('long');
    await run.close('done');
    const lines = Array.from({ length: 100_000 }, (_, i) => JSON.stringify({ ...step(i + 1), seq: i, t: i }));
    await writeFile(path.join(folder, 'runs/long/events.jsonl'), `${lines.join('\n')}\n`);
    const began = performance.now();
    const found = await allOf('long');
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(found.reduce((sum, { steps }) => sum + steps.seq.length, 0)).toBe(100_000);
    expect(Math.max(...found.map(({ steps }) => steps.seq.length))).toBeLessThan(20_000);
  });

  it('refuses what is no run of the data folder', async () => {
    await make('known').then((run) => run.close('done'));
    await expect(allOf('knwon')).rejects.toMatchObject({ code: 'NOT_FOUND', hint: "Did you mean 'known'?" });
    await expect(allOf('../runs/known')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(handlers['runs.image']({ run: 'known', image: '../run.json' }, context())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('the list', () => {
  const first = async (): Promise<readonly RunRow[]> => {
    for await (const rows of handlers['runs.follow']({}, context())) return rows;
    return [];
  };

  it('has best and last evaluations without superseded ones, and tells of changes', async () => {
    const run = await make('a');
    run.append(evaluation(1, 0.4));
    await run.checkpoint(1, {});
    run.append(evaluation(2, 0.9));
    await run.close('stopped');
    const stream = handlers['runs.follow']({}, context())[Symbol.asyncIterator]();
    const row = (await stream.next()).value?.[0];
    expect(row).toMatchObject({ run: 'a', state: 'stopped', preset: 'demo/jeat', objective: 'jeat', seed: 1 });
    expect(row).toMatchObject({ best: { step: 2, robust: 0.9 }, last: { step: 2, clean: 0.9, robust: 0.9 } });
    const resumed = await resumeRun(path.join(folder, 'runs/a'));
    resumed.append(evaluation(2, 0.3));
    await resumed.flush();
    expect((await stream.next()).value?.[0]).toMatchObject({
      state: 'running',
      best: { step: 1, robust: 0.4 },
      last: { step: 2, robust: 0.3 },
    });
    await resumed.close('done');
    expect((await stream.next()).value?.[0]).toMatchObject({ state: 'done' });
  });

  it('counts the time of work of a run that goes on until its last event', async () => {
    const run = await make('a');
    const began = Date.parse(run.manifest.timings.updated);
    run.append(step(1));
    await run.flush();
    const log = path.join(folder, 'runs/a/events.jsonl');
    await utimes(log, new Date(), new Date(began + 90_000));
    expect((await first())[0]).toMatchObject({ state: 'running', seconds: expect.closeTo(90, 2) as number });
    await run.close('done');
    await utimes(log, new Date(), new Date(began + 900_000));
    expect((await first())[0]?.seconds).toBeLessThan(60);
  });

  it('shows a damaged or newer run with its sentence, beside the others', async () => {
    await make('good').then((run) => run.close('done'));
    for (const [name, text] of [
      ['bad', '{'],
      ['newer', '{"format": 99}'],
    ] as const) {
      await mkdir(path.join(folder, 'runs', name), { recursive: true });
      await writeFile(path.join(folder, 'runs', name, 'run.json'), text);
    }
    const rows = await first();
    expect(rows.map(({ run, state }) => [run, state])).toEqual([
      ['bad', 'unreadable'],
      ['good', 'done'],
      ['newer', 'unreadable'],
    ]);
    expect(rows[2]?.problem).toMatch(/format 99/);
  });
});

describe('a run', () => {
  it('tells its steps by epochs, its checkpoints and images', async () => {
    const run = await make('a');
    run.append({ ...step(1), epoch: 0.1 });
    await run.checkpoint(1, {}, { best: true });
    for (const name of ['samples-0000002.png', 'buffer-0000010.png', 'buffer-0000002.png', 'samples.png'])
      await run.image(name, new Uint8Array([1, 2]));
    await run.close('done');
    const details = await handlers['runs.read']({ run: 'a' }, context());
    expect(details).toMatchObject({ totalSteps: 20, checkpoints: [{ step: 1, best: true }], state: 'done' });
    const images = await handlers['runs.images']({ run: 'a' }, context());
    expect(images.map(({ kind, step: at }) => [kind, at])).toEqual([
      ['buffer', 2],
      ['buffer', 10],
      ['samples', 2],
    ]);
    const image = await handlers['runs.image']({ run: 'a', image: 'buffer-0000002.png' }, context());
    expect([...image.png]).toEqual([1, 2]);
  });

  it('is compared with others by what differs only', async () => {
    for (const [name, eps] of [
      ['a', 0.1],
      ['b', 0.2],
      ['c', 0.1],
    ] as const)
      await make(name, eps).then((run) => run.close('done'));
    expect(await handlers['runs.compare']({ runs: ['a', 'b', 'c'] }, context())).toEqual([
      { option: 'objective.options.eps', values: ['0.1', '0.2', '0.1'] },
    ]);
  });

  it('goes to the trash and comes back, but not while it is written or when its name is taken', async () => {
    const run = await make('a');
    await expect(handlers['runs.remove']({ run: 'a' }, context())).rejects.toMatchObject({ code: 'LOCKED' });
    await run.close('done');
    const { trashed } = await handlers['runs.remove']({ run: 'a' }, context());
    await expect(handlers['runs.read']({ run: 'a' }, context())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await make('a').then((other) => other.close('done'));
    await expect(handlers['runs.restore']({ trashed }, context())).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
    await handlers['runs.remove']({ run: 'a' }, context());
    await handlers['runs.restore']({ trashed }, context());
    expect((await handlers['runs.read']({ run: 'a' }, context())).state).toBe('done');
    await expect(handlers['runs.restore']({ trashed: '../runs/a' }, context())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is exported as a table, a document and a TensorBoard file', async () => {
    const run = await make('a');
    run.append(step(1));
    await run.close('done');
    const exported = (format: 'csv' | 'json' | 'tensorboard') =>
      handlers['runs.export']({ run: 'a', format }, context());
    const csv = await exported('csv');
    expect(csv.name).toBe('a.csv');
    expect(new TextDecoder().decode(csv.bytes)).toContain('energy.adversarial');
    expect(JSON.parse(new TextDecoder().decode((await exported('json')).bytes)).events).toHaveLength(1);
    expect((await exported('tensorboard')).name).toMatch(/^events\.out\.tfevents\.\d+\.lowland$/);
    expect(await readFile(path.join(folder, 'runs/a/run.json'), 'utf8')).toContain('"done"');
  });
});
