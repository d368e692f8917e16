/** What a run looks at from time to time: validation accuracy clean and under PGD, energies, flatness proxies, sample grids. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { pgd } from '../attacks/pgd';
import type { ImageShape, Split } from '../data/dataset';
import type { Random } from '../engine/engine';
import { gridPng } from '../figures/png';
import { resolve } from '../lib/options';
import { marginalEnergy } from '../energy/energy';
import { measureRobustness } from '../metrics/robustness';
import type { Classifier } from '../models/model';
import { pgdSynthesis } from '../sampling/pgd-synthesis';
import type { TrainingOptions } from './configuration';

export interface Evaluation {
  readonly clean: number;
  readonly robust: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Accuracy and energies on the first validation images, under PGD in linf with steps of eps / 4. */
export async function evaluate(
  model: Classifier,
  split: Split,
  options: TrainingOptions,
  random: Random,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const attack = resolve(
    pgd.options,
    { norm: 'linf', eps: options.evaluationEps, step: options.evaluationEps / 4, steps: options.evaluationSteps },
    'pgd',
  );
  const plan = { attack: pgd, options: attack, batch: 128, ...(signal ? { signal } : {}) };
  const { clean, robust, energies, deltaEnergy } = await measureRobustness(
    model,
    split,
    options.evaluationImages,
    plan,
    random,
  );
  return {
    clean,
    robust,
    metrics: {
      'accuracy.clean': clean,
      'accuracy.robust': robust,
      'validation.energy.clean': energies.clean,
      'validation.energy.adversarial': energies.adversarial,
      'validation.joint.clean': energies.jointClean,
      'validation.joint.adversarial': energies.jointAdversarial,
      'validation.deltaEnergy': deltaEnergy,
    },
  };
}

export const gridColumns = 8;

/** Class-ordered samples by descending E(x,y) from uniform noise: the honest test of what the energy holds. */
export async function sampleGrid(
  model: Classifier,
  rows: number,
  random: Random,
): Promise<{ images: Float32Array; energy: number }> {
  const n = rows * gridColumns;
  const shape: ImageShape = model.inputShape;
  const options = resolve(pgdSynthesis.options, { step: noiseStep(shape) }, 'pgd-synthesis');
  const [x, energy] = tf.tidy(() => {
    const y = tf.tensor1d(
      Int32Array.from({ length: n }, (_, i) => Math.floor(i / gridColumns) % model.classes),
      'int32',
    );
    const start = random.fork('start').uniform([n, ...shape]) as Tensor4D;
    let at = { x: start };
    for (let k = 0; k < 60; k++) {
      const next = pgdSynthesis.step(model, at, y, start, options, random.fork(k));
      if (at.x !== start) at.x.dispose();
      at = { x: next.x };
    }
    return [at.x, tf.mean(marginalEnergy(model.logits(at.x)))] as const;
  });
  const [images, value] = await Promise.all([x.data<'float32'>(), energy.data<'float32'>()]);
  x.dispose();
  energy.dispose();
  return { images: images.slice(), energy: value[0] ?? NaN };
}

/** 0.4 in L2 on 28x28 grey images, the same root-mean-square move on any other shape. */
const noiseStep = ([h, w, c]: ImageShape) => 0.4 * Math.sqrt((h * w * c) / 784);

/** A PNG of a class-ordered grid. */
export const gridOf = (images: Float32Array, shape: ImageShape, provenance: Record<string, string>): Uint8Array =>
  gridPng(images, images.length / (shape[0] * shape[1] * shape[2]), shape, {
    columns: gridColumns,
    scale: 2,
    gap: 1,
    provenance,
  });
