/** Our side of the cases: each becomes a function that does one round of work on an open engine and has read its result when it ends. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { pgd } from '../../core/attacks/pgd';
import { batchSource } from '../../core/data/batches';
import { parseTransforms } from '../../core/data/transforms';
import type { CompileOptions, Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import { compileRobustness } from '../../core/metrics/robustness';
import { type Model, classifier } from '../../core/models/model';
import { bindObjective } from '../../core/objectives/registry';
import { compileSampler } from '../../core/sampling/chains';
import { sgld } from '../../core/sampling/sgld';
import { planeDirections } from '../../core/surface/directions';
import { energyPlane } from '../../core/surface/plane';
import { optimiserRegistry } from '../../core/training/optimiser';
import { readScalars } from '../../core/training/scalars';
import { initialState, trainingStep } from '../../core/training/step';
import { autoattackWork } from './autoattack-work';
import { benchNet } from './nets';
import { type BenchCase, PLANE_RESOLUTION, peakSize } from './plan';

/** One round of work; gives the images that an attack left right, where that is counted. */
export type Work = (round: number) => Promise<unknown>;

export function prepare(engine: Engine, each: BenchCase, note: (sentence: string) => void): Work | Promise<Work> {
  const compile = { precision: each.precision, note };
  if (each.judged) return autoattackWork(engine, each, each.judged, compile);
  if (each.kind === 'data') return dataWork(each.batch);
  if (each.kind === 'peak') return peakWork(engine, compile);
  const model = benchNet(each.model);
  const weights = model.init(engine.random(key(0, 'bench/weights')));
  const images = (n: number) => engine.random(key(0, 'bench/images')).uniform([n, ...model.inputShape]) as Tensor4D;
  if (each.kind === 'step') return stepWork(engine, model, weights, each, images, compile);
  const net = classifier(model, weights);
  if (each.kind === 'plane') {
    const directions = planeDirections(key(0, 'bench/plane'), model.inputShape, 'l2');
    const image = new Float32Array(model.inputShape.reduce((size, n) => size * n, 1)).fill(0.5);
    const plan = { resolution: PLANE_RESOLUTION, range: 10, compile };
    return async () => void (await energyPlane(engine, net, image, 0, directions, plan));
  }
  if (each.kind === 'sgld') {
    const step = compileSampler(engine, net, { sampler: sgld, options: resolve(sgld.options, {}, 'sgld') }, compile);
    const [first, start] = [images(each.batch), images(each.batch)];
    return async (round) => {
      let x = first.clone();
      for (let k = 0; k < each.sgldSteps; k++) {
        const next = step.run({ x, start }, key(0, `bench/${k}`, round));
        x.dispose();
        x = next.x;
      }
      await x.data();
      x.dispose();
    };
  }
  const attack = { attack: pgd, options: resolve(pgd.options, { steps: each.attackSteps }, 'pgd') };
  const step = compileRobustness(engine, net, attack, compile);
  const [x, y] = [images(each.batch), labels(each.batch)];
  return async (round) => {
    const { clean, adversarial } = await step.run({ x, y }, key(0, 'bench', round));
    await Promise.all([clean.data(), adversarial.data()]);
    tf.dispose([clean, adversarial]);
  };
}

const labels = (n: number): Tensor1D =>
  tf.tensor1d(
    Int32Array.from({ length: n }, (_, i) => i % 10),
    'int32',
  );

/** A training step as the trainer compiles it, with SGD and momentum. */
function stepWork(
  engine: Engine,
  model: Model,
  weights: ReturnType<Model['init']>,
  { objective: id = 'natural', batch, attackSteps, sgldSteps, chains }: BenchCase,
  images: (n: number) => Tensor4D,
  compile: CompileOptions,
): Work {
  const entry = optimiserRegistry.get('sgd');
  const given = { ...(attackSteps > 0 ? { innerSteps: attackSteps } : {}), ...(chains > 0 ? { sgldSteps, negatives: chains } : {}) }; // prettier-ignore
  const objective = bindObjective(id, given);
  const optimiser = { entry, options: resolve(entry.options, {}, entry.id) };
  const plan = { model, objective, optimiser, clip: 0, ema: 0, parts: engine.parts };
  const compiled = engine.compile(trainingStep(plan), initialState(plan, weights), compile);
  const data = { x: images(batch), y: labels(batch) };
  const moved = chains > 0 ? { chainX: images(chains), chainY: labels(chains) } : {};
  return async (round) => {
    const [lr, t] = [tf.scalar(1e-3), tf.scalar(round)];
    const outputs = compiled.run({ ...data, ...moved, lr, t }, key(0, 'bench/step', round));
    await readScalars(outputs);
    tf.dispose([lr, t, Object.values(outputs)]);
  };
}

/** A batch of 32 x 32 x 3 bytes, gathered, cropped, mirrored and handed to the engine. */
function dataWork(size: number): Work {
  const shape = [32, 32, 3] as const;
  const count = 10_000;
  const pixels = Uint8Array.from({ length: count * 32 * 32 * 3 }, (_, i) => (i * 2654435761) >>> 24);
  const split = { shape, size: count, pixels, labels: Int32Array.from({ length: count }, (_, i) => i % 10) };
  const source = batchSource(split, { size, seed: 0, transforms: parseTransforms('crop:pad=4,flip') });
  return async (round) => {
    const { x, y } = source.at(round);
    const tensors = [tf.tensor4d(x, [size, ...shape]), tf.tensor1d(y, 'int32')];
    await tensors[1]?.data();
    tf.dispose(tensors);
  };
}

function peakWork(engine: Engine, compile: CompileOptions): Work {
  const size = peakSize(engine.id);
  const [a, b] = ['a', 'b'].map((name) => engine.random(key(0, name)).uniform([size, size]));
  if (!a || !b) throw new Error('two matrices were drawn');
  const step = engine.compile(
    (state: { b: tf.Tensor }, inputs: { a: tf.Tensor }) => ({
      state,
      // in as many parts as a batch is computed in: an op has a part of the threads
      outputs: { corner: tf.slice(tf.concat(tf.split(inputs.a, engine.parts).map((part) => tf.matMul(part, state.b))), [0, 0], [1, 1]) }, // prettier-ignore
    }),
    { b },
    compile,
  );
  return async () => {
    const { corner } = step.run({ a }, key(0, 'bench/peak'));
    await corner.data();
    corner.dispose();
  };
}
