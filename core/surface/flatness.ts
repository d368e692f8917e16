/**
 * How low and flat the energy is round real images: the rise E(x+d,y) - E(x,y) inside the eps-ball for random and attacked d, the
 * slope ||grad_x E(x,y)||_2, the trace of the Hessian and the basin's radius. Energies have an arbitrary scale, so nets are compared
 * by maxOverGap: the largest rise over the mean gap between wrong and right labels.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { type Norm, randomStart } from '../attacks/perturb';
import { pgd } from '../attacks/pgd';
import { gradientInX, jointEnergy, marginalEnergy } from '../energy/energy';
import { l2Norm } from '../energy/geometry';
import type { Random } from '../engine/engine';
import { resolve } from '../lib/options';
import type { Classifier } from '../models/model';
import { type BasinPlan, basinRadius } from './basin';
import { type TracePlan, hessianTrace } from './curvature';

export interface FlatnessPlan {
  readonly norm: Norm;
  readonly eps: number;
  /** Random points of the ball for each image. */
  readonly samples: number;
  /** PGD steps of eps / 4 on E(x,y). */
  readonly attackSteps: number;
  readonly trace: TracePlan;
  readonly basin: BasinPlan;
}

/** Means over images, energies in nats; `max` is the largest over all images. */
export interface Flatness {
  readonly images: number;
  /** Mean and largest rise at random points of the ball; `meanMax` is the mean over images of the largest of each. */
  readonly random: { mean: number; meanMax: number; max: number };
  /** Rise at the point that PGD on E(x,y) finds. */
  readonly attacked: { mean: number; max: number };
  /** Mean of E(x,k) over wrong k, minus E(x,y). */
  readonly gap: number;
  /** Mean over images of the largest rise seen (random or attacked), over `gap`. */
  readonly maxOverGap: number;
  /** L2 norm of grad_x E(x,y). */
  readonly gradientNorm: number;
  readonly traceJoint: number;
  readonly traceMarginal: number;
  /** L2. */
  readonly basinRadius: number;
}

const measures = [
  'randomMean',
  'randomMax',
  'attacked',
  'gap',
  'gradientNorm',
  'traceJoint',
  'traceMarginal',
  'basinRadius',
] as const;
type Measure = (typeof measures)[number];
/** Each measure of each image. */
export type FlatnessTable = Readonly<Record<Measure, readonly number[]>>;

/** Measures at x [n, h, w, c] with labels y int32 [n], in one batch. */
export const measureFlatness = async (
  model: Classifier,
  x: Tensor4D,
  y: Tensor1D,
  plan: FlatnessPlan,
  random: Random,
): Promise<Flatness> => flatnessOf([await flatnessTable(model, x, y, plan, random)]);

/** The measures of a batch, one after the other with `pause` between them, so that other work can go on; one read. */
export async function flatnessTable(
  model: Classifier,
  x: Tensor4D,
  y: Tensor1D,
  plan: FlatnessPlan,
  random: Random,
  pause: () => Promise<void> = async () => undefined,
): Promise<FlatnessTable> {
  const rows: Partial<Record<Measure, Tensor>> = {};
  try {
    for (const piece of pieces(model, x, y, plan, random)) {
      Object.assign(rows, tf.tidy(piece));
      await pause();
    }
    const stacked = tf.tidy(() => tf.stack(measures.flatMap((name) => rows[name] ?? [])));
    try {
      const table = await stacked.data<'float32'>();
      const n = x.shape[0];
      const row = (i: number) => Array.from(table.subarray(i * n, (i + 1) * n));
      return Object.fromEntries(measures.map((name, i) => [name, row(i)])) as Record<Measure, number[]>;
    } finally {
      stacked.dispose();
    }
  } finally {
    tf.dispose({ ...rows });
  }
}

/** What the measures of all images say together. */
export function flatnessOf(tables: readonly FlatnessTable[]): Flatness {
  const all = (name: Measure) => tables.flatMap((table) => table[name]);
  const meanOf = (name: Measure) => mean(all(name));
  const [randomMax, attacked] = [all('randomMax'), all('attacked')];
  const gap = meanOf('gap');
  return {
    images: randomMax.length,
    random: { mean: meanOf('randomMean'), meanMax: mean(randomMax), max: Math.max(...randomMax) },
    attacked: { mean: mean(attacked), max: Math.max(...attacked) },
    gap,
    maxOverGap: mean(randomMax.map((rise, i) => Math.max(rise, attacked[i] ?? rise))) / gap,
    gradientNorm: meanOf('gradientNorm'),
    traceJoint: meanOf('traceJoint'),
    traceMarginal: meanOf('traceMarginal'),
    basinRadius: meanOf('basinRadius'),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Every measure as a tensor [n], computed when its function is called. */
function pieces(
  model: Classifier,
  x: Tensor4D,
  y: Tensor1D,
  { norm, eps, samples, attackSteps, trace, basin }: FlatnessPlan,
  random: Random,
): (() => Partial<Record<Measure, Tensor>>)[] {
  const base = () => jointEnergy(model.logits(x), y);
  const riseAt = (at: Tensor4D, from: Tensor1D) => tf.sub<Tensor1D>(jointEnergy(model.logits(at), y), from);
  return [
    () => {
      const from = base();
      let [sum, most]: [Tensor1D, Tensor1D] = [tf.zerosLike(from), tf.fill(from.shape, -Infinity)];
      for (let sample = 0; sample < samples; sample++)
        [sum, most] = tf.tidy(() => {
          const rise = riseAt(randomStart(x, norm, eps, random.fork('ball').fork(sample)), from);
          return [tf.add<Tensor1D>(sum, rise), tf.maximum<Tensor1D>(most, rise)];
        });
      return { randomMean: tf.div(sum, samples), randomMax: most };
    },
    () => {
      const climb = resolve(pgd.options, { norm, eps, step: eps / 4, steps: attackSteps, loss: 'joint' }, 'pgd');
      return { attacked: riseAt(pgd.run(model, x, y, climb, random.fork('attack')), base()) };
    },
    () => ({
      gap: labelGap(model.logits(x), base()),
      gradientNorm: tf.reshape(l2Norm(gradientInX(model, x, (at) => jointEnergy(at, y))), [-1]),
    }),
    () => ({ traceJoint: hessianTrace(model, x, (at) => jointEnergy(at, y), trace, random.fork('trace')) }),
    () => ({ traceMarginal: hessianTrace(model, x, marginalEnergy, trace, random.fork('trace')) }),
    () => ({ basinRadius: basinRadius(model, x, y, basin, random.fork('basin')) }),
  ];
}

/** Mean of E(x,k) over k != y, minus E(x,y) [n]: the sum over all k holds E(x,y) once. */
function labelGap(logits: Tensor2D, joint: Tensor1D): Tensor1D {
  const wrong = tf.div(tf.sub(tf.neg(tf.sum(logits, 1)), joint), logits.shape[1] - 1);
  return tf.sub<Tensor1D>(wrong, joint);
}
