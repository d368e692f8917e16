/** Sampling sessions: the images of `lowland sample`, however steps are cut; masks, rewinding, closing, and what is refused. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HandlerContext } from '../../core/contract/contract';
import type { SamplingFrame } from '../../core/contract/areas/sampling';
import { loadDataset } from '../../core/data/load';
import type { Engine } from '../../core/engine/engine';
import { engineDesk } from '../../core/host/engine/desk';
import { samplingHandlers } from '../../core/host/engine/sampling';
import { eightBit } from '../../core/host/engine/sampling/frame';
import type { SamplingPlan } from '../../core/host/engine/sampling/start';
import { datasetDesk } from '../../core/host/library/desk';
import { resolve } from '../../core/lib/options';
import { generate } from '../../core/sampling/generate';
import { samplerRegistry } from '../../core/sampling/registry';
import { type StartId, createStart } from '../../core/sampling/starts';
import { open, quickEngines } from '../engines';

const mini = 'fashion-mnist-mini';
const model = 'fashion/jeat';
const side = 28;
const seen: HandlerContext = { signal: new AbortController().signal, after: -1 };
const plan: SamplingPlan = {
  model,
  dataset: mini,
  sampler: 'sgld',
  start: 'uniform',
  n: 3,
  classes: [0, 3, 9],
  conditional: true,
  seed: 5,
  fill: 'image',
};

describe.each(quickEngines)('sampling sessions on %s', (id) => {
  let folder: string;
  let engine: Engine;
  let desk: ReturnType<typeof engineDesk>;
  let handlers: ReturnType<typeof samplingHandlers>;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-sessions-'));
    engine = await open(id);
    desk = engineDesk(datasetDesk(folder), async () => engine);
    handlers = samplingHandlers(desk);
    await desk.withModel(model, async () => undefined);
  });
  afterAll(async () => {
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (changes: Partial<SamplingPlan> = {}) => handlers['sampling.open']({ ...plan, ...changes }, seen);
  const advance = (session: string, steps: number, options = {}, context = seen) =>
    handlers['sampling.advance']({ session, steps, options }, context);
  const rewind = (session: string) => handlers['sampling.rewind']({ session }, seen);
  const close = (session: string) => handlers['sampling.close']({ session }, seen);
  const image = (seed: number) => Uint8Array.from({ length: side * side }, (_, i) => (i * seed) % 256);

  /** What `lowland sample` gives for the same words in one chunk. */
  const generated = async (startId: StartId, sampler: string, set: object, steps: number, conditional = true) => {
    const entry = samplerRegistry.get(sampler);
    const { splits } = await loadDataset(mini, { dataFolder: folder });
    return desk.withModel(model, async ({ classifier }, active) => {
      const begin = createStart(startId, splits.train, 10);
      const options = resolve(entry.options, { ...set }, sampler);
      const labels = Int32Array.from(plan.classes);
      const words = { seed: plan.seed, labels, conditional, chunk: labels.length, trajectory: 1 };
      const chunks = generate(classifier, active, { ...words, sampler: entry, options, steps, start: begin });
      for await (const { frames } of chunks) return frames;
      throw new Error('no chunk');
    });
  };
  const expectSame = (
    { images, marginal, joint }: SamplingFrame,
    wanted: Awaited<ReturnType<typeof generated>>[number] | undefined,
  ) => {
    expect(images).toEqual(eightBit(wanted?.x ?? new Float32Array()));
    expect(marginal).toEqual(wanted?.marginal);
    expect(joint).toEqual(wanted?.joint);
  };

  it.each([
    ['uniform', 'sgld', { step: 0.5, noise: 0.02 }, true],
    ['uniform', 'momentum-sgld', {}, false],
    ['class-gaussian', 'pgd-synthesis', { step: 0.4 }, true],
    ['class-pca', 'sgld', {}, true],
  ] as const)(
    '%s by %s are the images of lowland sample, however the steps are cut',
    async (from, sampler, set, is) => {
      const frames = await generated(from, sampler, set, 5, is);
      const { session, frame, recipe } = await start({ start: from, sampler, conditional: is });
      expectSame(frame, frames[0]);
      expect(recipe.steps).toBeGreaterThan(0);
      expectSame(await advance(session, 2, set), frames[2]);
      const [third, last] = await Promise.all([advance(session, 1, set), advance(session, 2, set)]);
      expectSame(third, frames[3]);
      expectSame(last, frames[5]);
      expect(last.step).toBe(5);
      expect(last.predicted).toHaveLength(3);
      expectSame(await rewind(session), frames[0]);
      expectSame(await advance(session, 5, set), frames[5]);
      await close(session);
    },
  );

  it('orders images by class, all of them where none is chosen', async () => {
    for (const [n, classes, wanted] of [
      [5, [7, 2], [7, 7, 7, 2, 2]],
      [12, [], [0, 0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9]],
    ] as const) {
      const { session, labels } = await start({ n, classes: [...classes] });
      expect([...labels]).toEqual(wanted);
      await close(session);
    }
  });

  it('takes options as they stand at each step, and frees everything on close', async () => {
    const before = engine.memory().tensors;
    const { session } = await start();
    const after: Uint8Array[] = [];
    for (const step of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.1]) after.push((await advance(session, 1, { step })).images);
    await rewind(session);
    expect((await advance(session, 1, { step: 0.1 })).images).toEqual(after[0]);
    expect((await advance(session, 1, { step: 5 })).images).not.toEqual(after[1]);
    await close(session);
    expect(engine.memory().tensors).toBe(before);
    await expect(advance(session, 1)).rejects.toThrow('the engine was started again');
  });

  it('keeps pixels outside a mask, and changes those inside', async () => {
    const mask = Uint8Array.from({ length: side * side }, (_, i) => (i % side < 14 ? 1 : 0));
    const own = image(3);
    for (const fill of ['image', 'noise'] as const) {
      const { session, frame } = await start({ start: 'image', image: own, mask, fill, n: 2, classes: [1, 7] });
      const { images } = await advance(session, 3, { step: 1, noise: 0.1 });
      const inside = (values: Uint8Array) => values.filter((_, i) => mask[i % (side * side)] === 1);
      const outside = (values: Uint8Array) => values.filter((_, i) => mask[i % (side * side)] === 0);
      const both = Uint8Array.from([...own, ...own]);
      expect(outside(images)).toEqual(outside(both));
      expect(inside(images)).not.toEqual(inside(frame.images));
      if (fill === 'image') expect(frame.images).toEqual(both);
      else expect(inside(frame.images)).not.toEqual(inside(both));
      await close(session);
    }
  });

  it('stops when cancelled, with the chains as they stand', async () => {
    const { session } = await start();
    const stopped = { signal: AbortSignal.abort(), after: -1 };
    await expect(advance(session, 3, {}, stopped)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await advance(session, 1)).step).toBe(1);
    await close(session);
  });

  it('keeps eight sessions; the one idle longest makes room and says so', async () => {
    const before = engine.memory().tensors;
    const opened: string[] = [];
    for (let i = 0; i < 8; i++) opened.push((await start({ n: 1 })).session);
    const [first = '', second = ''] = opened;
    await advance(first, 1);
    opened.push((await start({ n: 1 })).session);
    await expect(advance(second, 1)).rejects.toThrow('closed to make room');
    expect((await advance(first, 1)).step).toBe(2);
    for (const session of opened) await close(session);
    expect(engine.memory().tensors).toBe(before);
  });

  it.each([
    ['has classes 0 to 9', 'BAD_OPTION', { classes: [10] }],
    ["Unknown sampler 'sgdl'", 'UNKNOWN_NAME', { sampler: 'sgdl' }],
    ['jaet', 'UNKNOWN_NAME', { model: 'fashion/jaet' }],
    ["The start 'image' needs an image", 'BAD_OPTION', { start: 'image' }],
    ['The image has 7 values', 'BAD_OPTION', { start: 'image', image: new Uint8Array(7) }],
    ['The mask has 3 values', 'BAD_OPTION', { start: 'image', image: image(1), mask: new Uint8Array(3) }],
    ['A mask belongs', 'BAD_OPTION', { mask: new Uint8Array(side * side) }],
    ['cifar10', 'NOT_FOUND', { start: 'class-pca', dataset: 'cifar10' }],
    ['images of', 'BAD_DATA', { start: 'class-pca', dataset: 'toy-moons' }],
  ] as const)('refuses in a sentence: %s', async (sentence, code, changes) => {
    const before = engine.memory().tensors;
    await expect(
      start({ ...changes, classes: 'classes' in changes ? [...changes.classes] : [0] }),
    ).rejects.toMatchObject({
      code,
      message: expect.stringContaining(sentence) as string,
    });
    expect(engine.memory().tensors).toBe(before);
  });

  it('refuses an option that the sampler does not have', async () => {
    const { session } = await start();
    await expect(advance(session, 1, { stp: 1 })).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expect(advance(session, 1, { step: -1 })).rejects.toThrow('sgld.step');
    await close(session);
  });
});
