/** Evaluations on disk: the numbers of `lowland attack`, the same bytes after any interruption, live lists, removal, bad folders. */
import * as tf from '@tensorflow/tfjs-core';
import { appendFile, cp, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { budgetedOptions } from '../../core/attacks/budgets';
import { fgsm } from '../../core/attacks/fgsm';
import type { Evaluation, EvaluationPlan, UnreadableEvaluation } from '../../core/contract/areas/evaluations';
import type { Engine } from '../../core/engine/engine';
import { engineDesk } from '../../core/host/engine/desk';
import { evaluate, resumeEvaluation } from '../../core/host/engine/evaluate';
import { datasetDesk } from '../../core/host/library/desk';
import { evaluationHandlers } from '../../core/host/library/evaluations';
import { recordBytes } from '../../core/host/library/evaluations/records';
import { key } from '../../core/lib/key';
import { assetsFolder } from '../../core/lib/paths';
import { compileRobustness, measureRobustness } from '../../core/metrics/robustness';
import { open, quickEngines } from '../engines';

const plan: EvaluationPlan = {
  model: 'fashion/jeat',
  dataset: 'fashion-mnist-mini',
  side: 'test',
  images: 15,
  batch: 6,
  norm: 'linf',
  eps: [0.1, 0, 0.05],
  attacks: [
    { attack: 'fgsm', options: {} },
    { attack: 'pgd', options: { steps: 2 } },
  ],
  seed: 3,
};

describe.each(quickEngines)('evaluations on %s', (id) => {
  let folder: string;
  let engine: Engine;
  let desk: ReturnType<typeof engineDesk>;
  let handlers: ReturnType<typeof evaluationHandlers>;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-evaluations-'));
    desk = engineDesk(datasetDesk(folder), async () => engine);
    handlers = evaluationHandlers(desk);
    return () => rm(folder, { recursive: true, force: true });
  });

  /** Does a job; it stops after so many reports of progress. */
  async function work(job: { plan: EvaluationPlan } | { id: string }, stopAfter = Infinity) {
    const stop = new AbortController();
    const updates: (readonly [done: number, total: number])[] = [];
    const notes: string[] = [];
    let made = '';
    const context = {
      desk,
      signal: stop.signal,
      target: (name: string) => (made = name),
      progress: {
        update: (_task: string, done: number, total: number) => {
          updates.push([done, total]);
          if (updates.length >= stopAfter) stop.abort();
        },
        note: (line: string) => void notes.push(line),
      },
    };
    const outcome = await (
      'plan' in job
        ? evaluate({ kind: 'evaluate', ...job }, context)
        : resumeEvaluation({ kind: 'resume-evaluation', ...job }, context)
    ).then(
      () => 'done',
      (error: unknown) => (error as { code: string }).code,
    );
    return { id: made, outcome, updates, notes };
  }
  const of = (name: string, ...more: string[]) => path.join(folder, 'evaluations', name, ...more);
  async function rows(): Promise<readonly (Evaluation | UnreadableEvaluation)[]> {
    for await (const found of handlers['evaluations.follow']({}, { signal: new AbortController().signal, after: -1 }))
      return found;
    return [];
  }
  async function readable(): Promise<Evaluation> {
    const [row] = await rows();
    if (!row || row.state === 'unreadable') throw new Error(row?.problem);
    return row;
  }
  async function bytesOf(name: string) {
    const files = (await readdir(of(name))).sort();
    return Promise.all(files.map(async (file) => [file, await readFile(of(name, file), 'hex')] as const));
  }
  let whole: ReturnType<typeof bytesOf> | undefined;
  /** The bytes of an evaluation that nothing stopped. */
  async function uninterrupted() {
    whole ??= work({ plan }).then(({ id: made }) => bytesOf(made));
    return cellsOnly(await whole);
  }
  const cellsOnly = (files: Awaited<ReturnType<typeof bytesOf>>) => files.filter(([file]) => file.endsWith('.bin'));

  it('measure what the attack measures, in one cell for each radius, and leave no tensor', async () => {
    await desk.withModel(plan.model, async () => undefined);
    const before = tf.memory().numTensors;
    const { id: made, updates, outcome } = await work({ plan });
    expect([outcome, tf.memory().numTensors]).toEqual(['done', before]);
    expect(updates.at(-1)).toEqual([75, 75]);
    expect(updates.map(([done]) => done)).toEqual([...updates.map(([done]) => done)].sort((a, b) => a - b));
    const { state, cells, classes, images, engines } = await readable();
    expect([state, images, engines, classes.length]).toEqual(['done', 15, [id], 10]);
    expect(cells.map((cell) => (cell.kind === 'clean' ? 'clean' : `${cell.attack} ${cell.eps}`))).toEqual([
      'clean',
      'fgsm 0.05',
      'fgsm 0.1',
      'pgd 0.05',
      'pgd 0.1',
    ]);
    expect(cells[4]).toMatchObject({ options: { norm: 'linf', eps: 0.1, step: 0.025, steps: 2 } });
    const options = budgetedOptions(fgsm, { norm: 'linf', eps: 0.1 }, 1);
    const measured = await desk.withModel(plan.model, async ({ classifier }, active) => {
      const step = compileRobustness(active, classifier, { attack: fgsm, options });
      const { test } = await desk.dataset(plan.dataset);
      return measureRobustness(step, test, plan, key(plan.seed, 'attack')).finally(() => step.dispose());
    });
    expect(cells[0]).toMatchObject({ images: 15, accuracy: measured.clean });
    expect(cells[2]).toMatchObject({ images: 15, accuracy: measured.robust });
    expect(cells[2]?.reached.marginal).toBeCloseTo(measured.energies.adversarial, 4);
    const found = await handlers['evaluations.images'](
      { id: made, cell: 2 },
      { signal: new AbortController().signal, after: -1 },
    );
    expect(Array.from(found.adversarial.predicted)).toEqual(measured.perImage.adversarial.predicted);
    expect(Array.from(found.clean.joint)).toEqual(measured.perImage.clean.joint);
    expect(found.robust.reduce((sum, flag) => sum + flag, 0) / 15).toBe(measured.robust);
  });

  it.each([1, 3, 6, 13])('end with the same bytes when they stop at report %i and are resumed', async (report) => {
    const wanted = await uninterrupted();
    const cut = await work({ plan }, report);
    expect(cut.outcome).toBe('CANCELLED');
    expect((await rows()).find(({ id: name }) => name === cut.id)).toMatchObject({ state: 'stopped' });
    const rest = await work({ id: cut.id });
    expect(rest).toMatchObject({ outcome: 'done', id: cut.id });
    expect(rest.updates[0]?.[0]).toBeLessThanOrEqual(75);
    expect(cellsOnly(await bytesOf(cut.id))).toEqual(wanted);
  });

  it('drop what a kill tore off, and take over its lock', async () => {
    const wanted = await uninterrupted();
    const cut = await work({ plan }, 5);
    await appendFile(of(cut.id, 'cell-1.bin'), Buffer.alloc(6 * recordBytes - 5, 7));
    const manifest = of(cut.id, 'evaluation.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"stopped"', '"running"'));
    await writeFile(of(cut.id, 'lock'), JSON.stringify({ pid: 999_999, host: os.hostname(), started: 'long ago' }));
    expect((await rows()).find(({ id: name }) => name === cut.id)).toMatchObject({ state: 'stopped' });
    expect(await work({ id: cut.id })).toMatchObject({ outcome: 'done' });
    expect(cellsOnly(await bytesOf(cut.id))).toEqual(wanted);
  });

  it('say what is there while they work', async () => {
    const cut = await work({ plan }, 3);
    const row = await readable();
    expect(row.cells.map(({ images }) => images)).toEqual([12, 0, 0, 0, 0]);
    expect(row.cells[1]?.accuracy).toBeNaN();
    await truncate(of(cut.id, 'cell-0.bin'), 6 * recordBytes);
    const manifest = of(cut.id, 'evaluation.json');
    await writeFile(manifest, await readFile(manifest, 'utf8'));
    expect((await readable()).cells[0]?.images).toBe(6);
  });

  it('are removed, and come back', async () => {
    const { id: made } = await work({ plan: { ...plan, eps: [0], images: 3 } });
    const context = { signal: new AbortController().signal, after: -1 };
    const before = await bytesOf(made);
    const { trashed } = await handlers['evaluations.remove']({ id: made }, context);
    expect(await rows()).toEqual([]);
    await handlers['evaluations.restore']({ trashed }, context);
    expect(await bytesOf(made)).toEqual(before);
    await expect(handlers['evaluations.restore']({ trashed }, context)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const name of ['../runs', made.slice(1), ''])
      await expect(handlers['evaluations.remove']({ id: name }, context)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuse to go on with other weights', async () => {
    const models = path.join(folder, 'models');
    const copy = async (name: string) => {
      for (const ending of ['json', 'safetensors'])
        await cp(path.join(assetsFolder, 'models/fashion', `${name}.${ending}`), path.join(models, `mine.${ending}`));
    };
    await copy('jeat');
    const cut = await work({ plan: { ...plan, model: 'mine' } }, 4);
    await copy('at');
    expect((await work({ id: cut.id })).outcome).toBe('BAD_DATA');
  });

  it.each([
    ['UNKNOWN_NAME', { attacks: [{ attack: 'pdg', options: {} }] }],
    ['BAD_OPTION', { attacks: [{ attack: 'pgd', options: { targeted: true } }] }],
    ['BAD_OPTION', { attacks: [{ attack: 'pgd', options: { stepps: 3 } }] }],
    ['BAD_DATA', { dataset: 'toy-moons' }],
    ['UNKNOWN_NAME', { model: 'fashion/jaet' }],
  ] as const)('are refused with %s before anything is written', async (code, change) => {
    const changed = { ...plan, ...change } as EvaluationPlan;
    expect((await work({ plan: changed })).outcome).toBe(code);
    expect(await rows()).toEqual([]);
  });

  it('that cannot be read say why, and the others stay', async () => {
    const one = await work({ plan: { ...plan, eps: [0], images: 3 } });
    const two = await work({ plan: { ...plan, eps: [0], images: 3 } });
    const three = await work({ plan: { ...plan, eps: [0], images: 3 } });
    await writeFile(of(one.id, 'evaluation.json'), '{"format": 1, "id":');
    await writeFile(of(two.id, 'evaluation.json'), '{"format": 99}');
    const found = await rows();
    const problem = (name: string) => found.find((row) => row.id === name);
    expect(problem(one.id)).toMatchObject({ state: 'unreadable', problem: expect.stringContaining('damaged') });
    expect(problem(two.id)).toMatchObject({ problem: expect.stringContaining('newer Lowland') });
    expect(problem(three.id)).toMatchObject({ state: 'done' });
  });
});
