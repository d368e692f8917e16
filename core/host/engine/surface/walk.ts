/** A walk on the energy: its points projected on the plane of two directions, by least squares, with the energies at each. */
import * as tf from '@tensorflow/tfjs-core';
import { budgetedOptions } from '../../../attacks/budgets';
import { attackRegistry } from '../../../attacks/registry';
import type { Walk } from '../../../contract/areas/surface';
import type { Api } from '../../../contract/api';
import type { CheckedInputOf } from '../../../contract/contract';
import type { CompileOptions, Engine } from '../../../engine/engine';
import { fork, key } from '../../../lib/key';
import { resolve } from '../../../lib/options';
import { compileSampler } from '../../../sampling/chains';
import { samplerRegistry } from '../../../sampling/registry';
import type { Chains } from '../../../sampling/sampler';
import { dot } from '../../../surface/directions';
import { eightBit } from '../sampling/frame';
import { chunkKey } from '../sampling/start';
import { attackPoints } from './climbing';
import { energiesAt } from './energies-at';
import { forwardPiece, pause } from './pace';
import type { Scene } from './scene';

type Question = CheckedInputOf<Api['surface.walk']>;

/** @throws AppError UNKNOWN_NAME, BAD_OPTION for the attack or sampler; CANCELLED. */
export async function walkOf(
  scene: Scene,
  question: Pick<Question, 'by' | 'norm' | 'eps' | 'seed'>,
  engine: Engine,
  compile: CompileOptions,
  signal: AbortSignal,
): Promise<Walk> {
  const { model, image, label, directions } = scene;
  const points = await pointsOf(scene, question, engine, compile, signal);
  const size = image.length;
  const all = new Float32Array(points.length * size);
  points.forEach((point, i) => all.set(point, i * size));
  const labels = new Int32Array(points.length).fill(label);
  const { joint, marginal } = await energiesAt(model.classifier, all, labels, forwardPiece[engine.id], signal);
  const places = points.map((point) => projection(point, image, directions.u, directions.v));
  return {
    a: Float32Array.from(places, ({ a }) => a),
    b: Float32Array.from(places, ({ b }) => b),
    distance: Float32Array.from(places, ({ distance }) => distance),
    joint,
    marginal,
    images: eightBit(all),
  };
}

function pointsOf(
  { model, image, label }: Scene,
  { by, norm, eps, seed }: Pick<Question, 'by' | 'norm' | 'eps' | 'seed'>,
  engine: Engine,
  compile: CompileOptions,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const { classifier } = model;
  if ('attack' in by) {
    const entry = attackRegistry.get(by.attack);
    const options = budgetedOptions(entry, { norm, eps, ...by.options }, classifier.inputShape[2]);
    return attackPoints(
      engine,
      classifier,
      image,
      label,
      { entry, options, key: key(seed, `attack/${by.attack}`) },
      signal,
    );
  }
  return samplerPoints(scene(model, image, label), by, seed, engine, compile, signal);
}

const scene = (model: Scene['model'], image: Float32Array, label: number) => ({ model, image, label });

/** The steps of a sampling session that starts at this one image and descends E(x,y). */
async function samplerPoints(
  { model: { classifier }, image, label }: Pick<Scene, 'model' | 'image' | 'label'>,
  by: Extract<Question['by'], { sampler: string }>,
  seed: number,
  engine: Engine,
  compile: CompileOptions,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const sampler = samplerRegistry.get(by.sampler);
  const options = resolve(sampler.options, by.options, sampler.id);
  const step = compileSampler(engine, classifier, { sampler, options }, { ...compile, calls: by.steps });
  const start = tf.tensor4d(image, [1, ...classifier.inputShape]);
  const y = tf.tensor1d([label], 'int32');
  let chains: Chains = { x: tf.clone(start) };
  const points = [image];
  try {
    for (let k = 0; k < by.steps; k++) {
      await pause(signal);
      const next = step.run({ ...chains, start, y }, fork(fork(chunkKey(seed), 'chain'), k));
      tf.dispose({ ...chains });
      chains = next;
      points.push((await chains.x.data<'float32'>()).slice());
    }
    return points;
  } finally {
    tf.dispose([{ ...chains }, start, y]);
    step.dispose();
  }
}

/** The (a, b) for which x + a u + b v is nearest to a point in L2, and that distance. */
export function projection(
  point: Float32Array,
  image: Float32Array,
  u: Float32Array,
  v: Float32Array,
): { a: number; b: number; distance: number } {
  const move = point.map((value, i) => value - (image[i] ?? 0));
  const [uu, uv, vv] = [dot(u, u), dot(u, v), dot(v, v)];
  const [mu, mv] = [dot(move, u), dot(move, v)];
  const area = uu * vv - uv * uv;
  const a = (mu * vv - mv * uv) / area;
  const b = (mv * uu - mu * uv) / area;
  const rest = move.map((value, i) => value - a * (u[i] ?? 0) - b * (v[i] ?? 0));
  return { a, b, distance: Math.sqrt(dot(rest, rest)) };
}
