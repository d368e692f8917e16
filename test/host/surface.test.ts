/** Surfaces for windows: levels against the whole plane, walks against the attacks and sessions themselves, and what is refused. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budgetedOptions } from '../../core/attacks/budgets';
import { norms } from '../../core/attacks/perturb';
import { attackRegistry } from '../../core/attacks/registry';
import type { CheckedInputOf, HandlerContext } from '../../core/contract/contract';
import type { Api } from '../../core/contract/api';
import type { KindEnergies, PlaneLevel } from '../../core/contract/areas/surface';
import type { Engine } from '../../core/engine/engine';
import { engineDesk } from '../../core/host/engine/desk';
import { samplingHandlers } from '../../core/host/engine/sampling';
import { scoreHandlers } from '../../core/host/engine/scores';
import { surfaceHandlers } from '../../core/host/engine/surface';
import { attackPoints } from '../../core/host/engine/surface/climbing';
import { heavyPiece } from '../../core/host/engine/surface/pace';
import { levelsOf, strideOf } from '../../core/host/engine/surface/levels';
import { projection } from '../../core/host/engine/surface/walk';
import { datasetDesk, imageAt } from '../../core/host/library/desk';
import { fork, key } from '../../core/lib/key';
import { buildModel } from '../../core/models/registry';
import { saveModel } from '../../core/models/weights';
import { flatnessOf, flatnessTable } from '../../core/surface/flatness';
import { energyPlane } from '../../core/surface/plane';
import { flatnessPlan, studySurface } from '../../core/surface/study';
import { slice } from '../../core/metrics/robustness';
import { open, quickEngines } from '../engines';

const model = 'fashion/jeat';
const dataset = 'fashion-mnist-mini';
const context: HandlerContext = { signal: new AbortController().signal, after: -1 };
const subject = { dataset, side: 'test' as const, index: 3 };
const question = { model, subject, norm: 'linf', eps: 0.1, range: 0.3, directions: 'random', seed: 4 } as const;
type PlaneInput = CheckedInputOf<Api['surface.plane']>;
type WalkInput = CheckedInputOf<Api['surface.walk']>;

describe('the levels of a plane', () => {
  it.each([
    [3, [3]],
    [11, [11]],
    [41, [11, 21, 41]],
    [61, [11, 31, 61]],
    [161, [11, 21, 41, 81, 161]],
    [301, [11, 151, 301]],
  ])('of %i are %j', (resolution, levels) => expect(levelsOf(resolution)).toEqual(levels));

  it('are odd, rise, and end where they should', () => {
    for (let resolution = 3; resolution <= 301; resolution += 2) {
      const levels = levelsOf(resolution);
      expect(levels.at(-1)).toBe(resolution);
      expect(levels.every((n) => n % 2 === 1)).toBe(true);
      expect([...levels].sort((a, b) => a - b)).toEqual(levels);
      expect(levels[0]).toBeLessThanOrEqual(21);
    }
    expect(strideOf(11, 21)).toBe(2);
    expect(strideOf(11, 31)).toBe(3);
    expect(strideOf(11, 151)).toBe(15);
    expect(strideOf(21, 31)).toBeUndefined();
  });
});

it('a point is projected to the nearest one of a plane, also of directions that are not orthogonal', () => {
  const [u, v] = [Float32Array.of(1, 0, 0, 0), Float32Array.of(1, 1, 0, 0)];
  const { a, b, distance } = projection(Float32Array.of(1, 2, 2, 4), Float32Array.of(0, 0, 2, 1), u, v);
  expect([a, b, distance]).toEqual([-1, 2, 3]);
});

describe.each(quickEngines)('surfaces on %s', (id) => {
  /** More than one piece. */
  const count = 2 * heavyPiece[id] + 1;
  let folder: string;
  let engine: Engine;
  let desk: ReturnType<typeof engineDesk>;
  let handlers: ReturnType<typeof surfaceHandlers>;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-surface-'));
    engine = await open(id);
    desk = engineDesk(datasetDesk(folder), async () => engine);
    handlers = surfaceHandlers(desk);
    await desk.withModel(model, async () => undefined);
  });
  afterAll(async () => {
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const levels = async (changes: Partial<PlaneInput> = {}, using = context) => {
    const found: PlaneLevel[] = [];
    for await (const event of handlers['surface.plane']({ ...question, resolution: 21, ...changes }, using))
      if (event.kind === 'level') found.push(event);
    return found;
  };
  const walk = (by: WalkInput['by'], changes: Partial<WalkInput> = {}) =>
    handlers['surface.walk']({ ...question, ...changes, by }, context);
  const energies = async (changes: Partial<CheckedInputOf<Api['surface.energies']>> = {}) => {
    const events: KindEnergies[] = [];
    const input = { model, dataset, side: 'test' as const, images: count, attack: 'pgd', options: {}, seed: 2 };
    const kinds: KindEnergies['kind'][] = ['clean', 'adversarial', 'generated'];
    for await (const event of handlers['surface.energies']({ ...input, kinds, ...changes }, context))
      events.push(event);
    return events;
  };

  it.each(['random', 'adversarial'] as const)(
    'refine to the plane of lowland surface, directions %s',
    async (directions) => {
      const before = tf.memory().numTensors;
      const [coarse, fine] = await levels({ directions });
      expect(tf.memory().numTensors).toBe(before);
      const { test } = await desk.dataset(dataset);
      const study = await desk.withModel(model, ({ classifier }) =>
        studySurface(
          classifier,
          test,
          { ...question, directions, image: 3, resolution: 21, flatnessImages: 0 },
          engine,
        ),
      );
      expect(fine).toMatchObject({ resolution: 21, finest: true, label: test.labels[3], shape: [28, 28, 1] });
      expect(fine?.u).toEqual(study.directions.u);
      expect(fine?.v).toEqual(study.directions.v);
      expect(fine?.offsets).toEqual(study.plane.offsets);
      for (const energy of ['joint', 'marginal'] as const) {
        fine?.[energy].forEach((value, i) => expect(value).toBeCloseTo(study.plane[energy][i] ?? NaN, 3));
        expect(fine?.offset?.[energy]).toBeCloseTo(study.offset[energy], 3);
        coarse?.[energy].forEach((value, i) =>
          expect(value).toBe(fine?.[energy][Math.floor(i / 11) * 2 * 21 + (i % 11) * 2]),
        );
      }
      expect(coarse).toMatchObject({ resolution: 11, finest: false });
    },
  );

  it('takes an image of a window, without an offset where the dataset of the model is not here', async () => {
    const pixels = Float32Array.from(imageAt((await desk.dataset(dataset)).test, 3));
    const [level] = await levels({ subject: { pixels, label: 2 }, resolution: 5 });
    const plane = await desk.withModel(model, ({ classifier }) =>
      energyPlane(
        engine,
        classifier,
        pixels,
        2,
        { u: level?.u ?? pixels, v: level?.v ?? pixels, norm: 'linf' },
        { resolution: 5, range: 0.3 },
      ),
    );
    level?.joint.forEach((value, i) => expect(value).toBeCloseTo(plane.joint[i] ?? NaN, 3));
    expect(level?.offset).toBeUndefined();
  });

  it('takes the mean clean energies of the dataset that an image of a window is said to be like', async () => {
    const pixels = Float32Array.from(imageAt((await desk.dataset(dataset)).test, 3));
    const label = (await desk.dataset(dataset)).test.labels[3] ?? 0;
    const [own] = await levels({ subject: { pixels, label, dataset }, resolution: 5 });
    const [listed] = await levels({ resolution: 5 });
    expect(own?.offset).toEqual(listed?.offset);
    expect(own?.joint).toEqual(listed?.joint);
  });

  it('stops between batches, and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const stop = new AbortController();
    const read = async () => {
      for await (const event of handlers['surface.plane'](
        { ...question, resolution: 81 },
        { signal: stop.signal, after: -1 },
      )) {
        if (event.kind === 'level') expect(event.resolution).toBe(11);
        if (event.kind === 'level') stop.abort();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'CANCELLED' });
    for await (const _ of handlers['surface.plane']({ ...question, resolution: 81 }, context)) break;
    expect(tf.memory().numTensors).toBe(before);
  });

  describe.each(attackRegistry.all.filter(({ climbing }) => climbing))('a walk by $id', (entry) => {
    it.each(norms)('ends where the attack ends, %s', async (norm) => {
      const pixels = imageAt((await desk.dataset(dataset)).test, 3);
      const restarts = 'restarts' in entry.options ? { restarts: 3, steps: 4 } : {};
      const options = budgetedOptions(entry, { norm, eps: 0.2, ...restarts }, 1);
      const at = key(4, `attack/${entry.id}`);
      const before = tf.memory().numTensors;
      const { points, whole } = await desk.withModel(model, async ({ classifier }) => {
        const points = await attackPoints(engine, classifier, pixels, 7, { entry, options, key: at }, context.signal);
        const result = tf.tidy(() =>
          entry.run(
            classifier,
            tf.tensor4d(pixels, [1, 28, 28, 1]),
            tf.tensor1d([7], 'int32'),
            options,
            engine.random(at),
          ),
        );
        const whole = (await result.data<'float32'>()).slice();
        result.dispose();
        return { points, whole };
      });
      expect(tf.memory().numTensors).toBe(before);
      expect(points).toHaveLength(entry.id === 'fgsm' ? 2 : 5);
      expect(points.at(-1)).toEqual(whole);
      expect(points.at(-2)).not.toEqual(whole);
    });
  });

  it.each(attackRegistry.all.filter((entry) => entry.walk))(
    'a walk by $id shows a round of it, and leaves no tensor',
    async (entry) => {
      const pixels = imageAt((await desk.dataset(dataset)).test, 3);
      const { norm } = entry.options;
      const known = norm?.kind === 'choice' && norm.choices.includes('linf') ? 'linf' : 'l2';
      const search = 'search' in entry.options ? { search: 1 } : {};
      const options = budgetedOptions(entry, { norm: known, eps: 0.2, steps: 6, ...search }, 1);
      const before = tf.memory().numTensors;
      const walked = (steps: number) =>
        desk.withModel(model, async ({ classifier }) => {
          // what it takes the image for: an image that is wrong already is left alone
          const best = tf.tidy(() => tf.argMax(classifier.logits(tf.tensor4d(pixels, [1, 28, 28, 1])), 1));
          const [label = 0] = await best.data();
          best.dispose();
          return attackPoints(
            engine,
            classifier,
            pixels,
            label,
            { entry, options: { ...options, steps }, key: key(4, 'walk') },
            context.signal,
          );
        });
      const points = await walked(6);
      expect(tf.memory().numTensors).toBe(before);
      expect(points).toHaveLength(7);
      expect(points.at(-1)).not.toEqual(pixels);
      for (const point of points) {
        expect(Math.min(...point)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...point)).toBeLessThanOrEqual(1);
      }
      await expect(walked(5000)).rejects.toThrow('A walk of 5000 steps is too long to draw.');
    },
  );

  it('a walk of an attack lies in its ball and carries the energies of its images', async () => {
    const before = tf.memory().numTensors;
    const { a, b, joint, marginal, distance, images } = await walk(
      { attack: 'pgd', options: { loss: 'joint', steps: 6 } },
      { directions: 'adversarial' },
    );
    expect(tf.memory().numTensors).toBe(before);
    expect([a.length, b.length, joint.length, marginal.length, distance.length]).toEqual([7, 7, 7, 7, 7]);
    expect(images).toHaveLength(7 * 784);
    expect(joint[6]).toBeGreaterThan(joint[0] ?? Infinity);
    expect(a[6]).toBeGreaterThan(0.03);
    const preview = await scoreHandlers(desk)['models.attack'](
      { model, subject, attack: 'pgd', options: { loss: 'joint', steps: 6 }, seed: 4 },
      context,
    );
    expect(images.slice(-784)).toEqual(Uint8Array.from(preview.adversarial, (value) => Math.round(255 * value)));
    expect(joint[6]).toBeCloseTo(-(preview.adversarialLogits[preview.label] ?? NaN), 3);
  });

  it('a walk of a sampler is that of a session from the same image', async () => {
    const walked = await walk({ sampler: 'sgld', options: { step: 0.5 }, steps: 3 });
    const image = Float32Array.from(imageAt((await desk.dataset(dataset)).test, 3));
    const { test } = await desk.dataset(dataset);
    const sessions = samplingHandlers(desk);
    const plan = {
      model,
      dataset: '',
      sampler: 'sgld',
      start: 'image',
      n: 1,
      classes: [test.labels[3] ?? 0],
      conditional: true,
      seed: 4,
      image,
      fill: 'image',
    } as const;
    const { session } = await sessions['sampling.open']({ ...plan, classes: [...plan.classes] }, context);
    const frame = await sessions['sampling.advance']({ session, steps: 3, options: { step: 0.5 } }, context);
    await sessions['sampling.close']({ session }, context);
    expect(walked.images.slice(-784)).toEqual(frame.images);
    expect(walked.joint[3]).toBeCloseTo(frame.joint?.[0] ?? NaN, 4);
    expect([walked.a[0], walked.b[0], walked.distance[0]]).toEqual([0, 0, 0]);
    expect(walked.distance[3]).toBeGreaterThan(0);
  });

  it('flatness settles to the measures of all images', async () => {
    const before = tf.memory().numTensors;
    const events = [];
    const few = heavyPiece[id] + 1;
    const input = { model, dataset, side: 'test' as const, images: few, norm: 'linf' as const, eps: 0.1, seed: 5 };
    for await (const event of handlers['surface.flatness'](input, context)) events.push(event);
    expect(tf.memory().numTensors).toBe(before);
    expect(events.length).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({ done: few, total: few, flatness: { images: few } });
    const { test } = await desk.dataset(dataset);
    const first = events[0]?.done ?? 0;
    const { x, y } = slice(test, 0, first);
    const alone = await desk.withModel(model, ({ classifier }) =>
      flatnessTable(
        classifier,
        x,
        y,
        flatnessPlan(engine, [28, 28, 1], 'linf', 0.1),
        engine.random(fork(key(5, 'surface/flatness'), 0)),
      ),
    );
    tf.dispose([x, y]);
    expect(events[0]?.flatness).toEqual(flatnessOf([alone]));
  });

  it('gives energies of every kind once for each image', async () => {
    const before = tf.memory().numTensors;
    const events = await energies();
    expect(tf.memory().numTensors).toBe(before);
    const of = (kind: KindEnergies['kind']) => events.filter((event) => event.kind === kind);
    for (const kind of ['clean', 'adversarial', 'generated'] as const) {
      expect(of(kind).reduce((sum, { joint }) => sum + joint.length, 0)).toBe(count);
      expect(of(kind).every(({ total }) => total === count)).toBe(true);
    }
    const mean = (kind: KindEnergies['kind']) =>
      of(kind).reduce((sum, { joint }) => sum + joint.reduce((a, e) => a + e, 0) / count, 0);
    expect(mean('adversarial')).toBeGreaterThan(mean('clean'));
    const [clean] = of('clean');
    const scores = scoreHandlers(desk)['datasets.scores'](
      { model, dataset, side: 'test', limit: count, seed: 0 },
      context,
    );
    for await (const { joint } of scores) {
      clean?.joint.forEach((value, i) => expect(value).toBeCloseTo(joint[i] ?? NaN, 3));
    }
    expect((await energies({ kinds: ['clean'] })).every(({ kind }) => kind === 'clean')).toBe(true);
  });

  it('shows the whole plane of a toy along its axes', async () => {
    const net = buildModel('mlp', {}, [1, 1, 2], 2);
    const weights = net.init(engine.random(key(1, 'toy')));
    const file = path.join(folder, 'toy.safetensors');
    await saveModel(file, net, weights, { dataset: 'toy-moons' });
    tf.dispose({ ...weights });
    const middle = { pixels: Float32Array.of(0.5, 0.5), label: 1 };
    const [level] = await levels({ model: file, subject: middle, directions: 'axes', range: 0.5, resolution: 3 });
    const corner = await scoreHandlers(desk)['models.judge'](
      { models: [file], images: Float32Array.of(1, 0) },
      context,
    );
    expect(level?.joint[2]).toBeCloseTo(-(corner[0]?.logits[1] ?? NaN), 5);
    expect(level?.offset?.joint).toEqual(expect.any(Number));
  });

  it.each([
    ['it must be odd', 'BAD_OPTION', { resolution: 20 }],
    ['test images 0 to 1999', 'BAD_OPTION', { subject: { ...subject, index: 5000 } }],
    ['784 axes, not two', 'BAD_OPTION', { directions: 'axes' }],
    ['The image has 3 values', 'BAD_DATA', { subject: { pixels: new Uint8Array(3), label: 0 } }],
    ['There is no class 10', 'BAD_OPTION', { subject: { pixels: new Uint8Array(784), label: 10 } }],
    ['takes 28x28x1 images', 'BAD_DATA', { subject: { dataset: 'toy-moons', side: 'test', index: 0 } }],
    ['jaet', 'UNKNOWN_NAME', { model: 'fashion/jaet' }],
  ] as const)('refuses in a sentence: %s', async (sentence, code, changes) => {
    const before = tf.memory().numTensors;
    await expect(levels(changes)).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) as string });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses walks and comparisons that cannot be drawn', async () => {
    await expect(walk({ attack: 'pgd', options: { steps: 501 } })).rejects.toThrow('too long to draw');
    await expect(walk({ attack: 'pdg', options: {} })).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
    await expect(walk({ sampler: 'sgld', options: { stp: 1 }, steps: 3 })).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
    await expect(energies({ options: { targeted: true } })).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expect(energies({ dataset: 'toy-moons' })).rejects.toMatchObject({ code: 'BAD_DATA' });
  });
});
