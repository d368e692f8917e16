/** Clean and robust accuracy with the mean energies at both points, over a split, in chunks. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { AttackEntry } from '../attacks/attack';
import { gather } from '../data/batches';
import type { Split } from '../data/dataset';
import { crossEntropy, jointEnergy, marginalEnergy } from '../energy/energy';
import type { Random } from '../engine/engine';
import type { Schema, Values } from '../lib/options';
import { breathe } from '../lib/breathe';
import { throwIfCancelled } from '../lib/errors';
import type { Classifier } from '../models/model';

/** Per-image values at one kind of point; energies in nats. */
export interface PointValues {
  correct: boolean[];
  predicted: number[];
  /** E(x). */
  marginal: number[];
  /** E(x,y) at the true label. */
  joint: number[];
  crossEntropy: number[];
}

/** Predictions and energies at x [n, h, w, c] with labels y [n]; one read. */
export async function valuesAt(model: Classifier, x: Tensor4D, y: Tensor1D): Promise<PointValues> {
  const table = tf.tidy(() => {
    const logits: Tensor2D = model.logits(x);
    const predicted = tf.argMax<Tensor1D>(logits, 1);
    const columns = [
      tf.equal(predicted, y),
      predicted,
      marginalEnergy(logits),
      jointEnergy(logits, y),
      crossEntropy(logits, y),
    ];
    return tf.stack(columns.map((column) => tf.cast(column, 'float32')));
  });
  const n = x.shape[0];
  const values = await table.data<'float32'>();
  table.dispose();
  const column = (i: number) => Array.from(values.subarray(i * n, (i + 1) * n));
  return {
    correct: column(0).map((flag) => flag === 1),
    predicted: column(1),
    marginal: column(2),
    joint: column(3),
    crossEntropy: column(4),
  };
}

export interface RobustnessResult {
  readonly images: number;
  /** Fraction of clean images classified correctly, and of those still correct after the attack. */
  readonly clean: number;
  readonly robust: number;
  readonly energies: { clean: number; adversarial: number; jointClean: number; jointAdversarial: number };
  /** Mean E(x) - E(x~). */
  readonly deltaEnergy: number;
  readonly perImage: { clean: PointValues; adversarial: PointValues };
}

export interface RobustnessPlan {
  readonly attack: AttackEntry;
  readonly options: Values<Schema>;
  readonly batch: number;
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** Attacks the first `images` of a split. An image counts as robust when it is correct both clean and attacked. */
export async function measureRobustness(
  model: Classifier,
  split: Split,
  images: number,
  plan: RobustnessPlan,
  random: Random,
): Promise<RobustnessResult> {
  const clean = emptyValues();
  const adversarial = emptyValues();
  const total = Math.min(images, split.size);
  for (let from = 0; from < total; from += plan.batch) {
    await breathe();
    throwIfCancelled(plan.signal);
    const to = Math.min(total, from + plan.batch);
    const { x, y } = slice(split, from, to);
    append(clean, await valuesAt(model, x, y));
    const attacked = plan.attack.run(model, x, y, plan.options, random.fork(from));
    append(adversarial, await valuesAt(model, attacked, y));
    for (const tensor of [x, y, attacked]) tensor.dispose();
    plan.onProgress?.(to);
  }
  const energies = {
    clean: mean(clean.marginal),
    adversarial: mean(adversarial.marginal),
    jointClean: mean(clean.joint),
    jointAdversarial: mean(adversarial.joint),
  };
  return {
    images: total,
    clean: mean(clean.correct.map(Number)),
    robust: mean(clean.correct.map((correct, i) => Number(correct && adversarial.correct[i] === true))),
    energies,
    deltaEnergy: energies.clean - energies.adversarial,
    perImage: { clean, adversarial },
  };
}

/** Images from..to of a split as tensors x [n, h, w, c] in [0,1] and y int32 [n]; the caller disposes them. */
export function slice(split: Split, from: number, to: number): { x: Tensor4D; y: Tensor1D } {
  const { x, y, size } = gather(
    split,
    Uint32Array.from({ length: to - from }, (_, i) => from + i),
  );
  return { x: tf.tensor4d(x, [size, ...split.shape]), y: tf.tensor1d(y, 'int32') };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const emptyValues = (): PointValues => ({ correct: [], predicted: [], marginal: [], joint: [], crossEntropy: [] });

function append(into: PointValues, more: PointValues): void {
  into.correct.push(...more.correct);
  for (const name of ['predicted', 'marginal', 'joint', 'crossEntropy'] as const) into[name].push(...more[name]);
}
