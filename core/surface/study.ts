/**
 * The study of one model round one real image: its energies on a plane, the mean clean energy to subtract from them (a model's
 * offset means nothing), and how low and flat the energy is round many images.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Norm } from '../attacks/perturb';
import { pgd } from '../attacks/pgd';
import type { ImageShape, Split } from '../data/dataset';
import { jointEnergy, marginalEnergy } from '../energy/energy';
import type { Engine, CompileOptions } from '../engine/engine';
import { type Key, key } from '../lib/key';
import { resolve } from '../lib/options';
import { slice } from '../metrics/robustness';
import type { Classifier } from '../models/model';
import { type Directions, planeDirections } from './directions';
import { type Flatness, type FlatnessPlan, measureFlatness } from './flatness';
import { type Plane, energyPlane } from './plane';

export interface SurfaceQuestion {
  /** Which image of the split the plane goes through. */
  readonly image: number;
  /** Norm of the range and of the ball, radius of the ball, largest offset on the plane. */
  readonly norm: Norm;
  readonly eps: number;
  readonly range: number;
  /** Points along an axis; odd. */
  readonly resolution: number;
  /** Two random directions, the same for every model; or the model's own attack on E(x,y) and a random one. */
  readonly directions: 'random' | 'adversarial';
  /** Flatness is measured on the first so many images of the split; 0 for none. */
  readonly flatnessImages: number;
  readonly seed: number;
  /** How the energies on the plane are compiled; flatness is measured op by op, in float32. */
  readonly compile?: CompileOptions;
  readonly signal?: AbortSignal;
}

export interface SurfaceStudy {
  readonly plane: Plane;
  readonly directions: Directions;
  /** Mean E(x,y) and E(x) over the first clean images of the split. */
  readonly offset: { readonly joint: number; readonly marginal: number };
  readonly flatness: Flatness | undefined;
}

/** Clean images whose mean energies are subtracted. */
export const offsetImages = 256;
/** Steps of eps / 4 of the attacks, random points of the ball, sign probes, directions of the basin. */
const attackSteps = 20;
const samples = 16;
const probes = 4;
const basinDirections = 4;
/** Nats that end the basin. */
const rise = 1;

/** @throws AppError BAD_OPTION for a range or resolution that cannot be drawn; CANCELLED. */
export async function studySurface(
  model: Classifier,
  split: Split,
  question: SurfaceQuestion,
  engine: Engine,
): Promise<SurfaceStudy> {
  const { image, resolution, range, seed, compile, signal } = question;
  return withImages(split, image, image + 1, async (x, y) => {
    const pixels = (await x.data<'float32'>()).slice();
    const label = split.labels[image] ?? 0;
    const first = question.directions === 'adversarial' ? await attackMove(model, x, y, question, engine) : undefined;
    const directions = planeDirections(planeKey(seed), split.shape, question.norm, first);
    const plan = { resolution, range, ...(compile ? { compile } : {}), ...(signal ? { signal } : {}) };
    const plane = await energyPlane(engine, model, pixels, label, directions, plan);
    const offset = await withImages(split, 0, offsetImages, (clean, labels) => meanEnergies(model, clean, labels));
    return { plane, directions, offset, flatness: await flatnessOf(model, split, question, engine) };
  });
}

/** The options of the PGD on E(x,y) that gives a plane its first direction. */
export const towardsHigh = (norm: Norm, eps: number) =>
  resolve(pgd.options, { norm, eps, step: eps / 4, steps: attackSteps, loss: 'joint' }, 'pgd');
/** The streams of a plane's random directions and of that attack. */
export const planeKey = (seed: number): Key => key(seed, 'surface/plane');
export const attackKey = (seed: number): Key => key(seed, 'surface/attack');

/** x' - x of it, flat. */
async function attackMove(
  model: Classifier,
  x: Tensor4D,
  y: Tensor1D,
  { norm, eps, seed }: SurfaceQuestion,
  engine: Engine,
) {
  const options = towardsHigh(norm, eps);
  const move = tf.tidy(() => tf.sub(pgd.run(model, x, y, options, engine.random(attackKey(seed))), x));
  const values = (await move.data<'float32'>()).slice();
  move.dispose();
  return values;
}

async function meanEnergies(model: Classifier, x: Tensor4D, y: Tensor1D): Promise<SurfaceStudy['offset']> {
  const means = tf.tidy(() => {
    const logits = model.logits(x);
    return tf.stack([tf.mean(jointEnergy(logits, y)), tf.mean(marginalEnergy(logits))]);
  });
  const [joint = NaN, marginal = NaN] = await means.data();
  means.dispose();
  return { joint, marginal };
}

async function flatnessOf(
  model: Classifier,
  split: Split,
  { flatnessImages, norm, eps, seed }: SurfaceQuestion,
  engine: Engine,
) {
  if (flatnessImages === 0) return undefined;
  const plan = flatnessPlan(engine, split.shape, norm, eps);
  return withImages(split, 0, flatnessImages, (x, y) =>
    measureFlatness(model, x, y, plan, engine.random(key(seed, 'surface/flatness'))),
  );
}

/** How flatness is measured on images of this shape. */
export const flatnessPlan = (engine: Engine, shape: ImageShape, norm: Norm, eps: number): FlatnessPlan => ({
  norm,
  eps,
  samples,
  attackSteps,
  trace: { probes, method: engine.capabilities.secondOrder ? 'twice' : 'differences' },
  basin: { rise, limit: Math.sqrt(shape[0] * shape[1] * shape[2]), directions: basinDirections },
});

async function withImages<T>(
  split: Split,
  from: number,
  to: number,
  use: (x: Tensor4D, y: Tensor1D) => Promise<T>,
): Promise<T> {
  const { x, y } = slice(split, from, Math.min(to, split.size));
  try {
    return await use(x, y);
  } finally {
    tf.dispose([x, y]);
  }
}
