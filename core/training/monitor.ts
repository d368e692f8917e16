/** What a run looks at from time to time: validation accuracy clean and under PGD, energies, adversarial examples, sample grids. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { budgetedOptions } from '../attacks/budgets';
import { pgd } from '../attacks/pgd';
import { gather } from '../data/batches';
import type { ImageShape, Split } from '../data/dataset';
import type { Compiler, Engine } from '../engine/engine';
import { gridPng } from '../figures/png';
import type { Key } from '../lib/key';
import { compileRobustness, measureRobustness } from '../metrics/robustness';
import { type Classifier, type Weights, cloned, compileWith } from '../models/model';
import { walkFromNoise } from '../sampling/from-noise';
import { classOrdered } from '../sampling/generate';
import type { TrainingOptions } from './configuration';

export interface Evaluation {
  readonly clean: number;
  readonly robust: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Evaluator {
  /** Of these weights, which stay the caller's. */
  evaluate(weights: Weights, at: Key): Promise<Evaluation>;
  /** The first validation images, then each where the attack left it: two rows of a grid, [2 * gridColumns, h, w, c]. */
  examples(weights: Weights, at: Key): Promise<Float32Array>;
  dispose(): void;
}

/** Measures accuracy and energies on the first validation images, under PGD in linf with steps of eps / 4; compiled once for a run. */
export function createEvaluator(
  engine: Compiler,
  model: Classifier,
  split: Split,
  options: TrainingOptions,
  signal?: AbortSignal,
): Evaluator {
  const given = { norm: 'linf', eps: options.evaluationEps, steps: options.evaluationSteps };
  const attack: Parameters<typeof compileRobustness>[2] = {
    attack: pgd,
    options: budgetedOptions(pgd, given, split.shape[2]),
  };
  const step = compileRobustness(engine, model, attack);
  const attackStep = compileWith(engine, model, (net, { x, y }: { x: Tensor4D; y: Tensor1D }, random) => ({
    adversarial: attack.attack.run(net, x, y, attack.options, random),
  }));
  const plan = { images: options.evaluationImages, batch: 128, ...(signal ? { signal } : {}) };
  return {
    async evaluate(weights, at) {
      step.load(cloned(weights));
      const { clean, robust, energies, deltaEnergy } = await measureRobustness(step, split, plan, at);
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
    },
    async examples(weights, at) {
      const shown = Math.min(gridColumns, split.size);
      const { x, y } = gather(
        split,
        Uint32Array.from({ length: gridColumns }, (_, i) => i % shown),
      );
      const inputs = { x: tf.tensor4d(x, [gridColumns, ...split.shape]), y: tf.tensor1d(y, 'int32') };
      attackStep.load(cloned(weights));
      const { adversarial } = attackStep.run(inputs, at);
      const images = new Float32Array(2 * x.length);
      images.set(x);
      images.set(await adversarial.data<'float32'>(), x.length);
      tf.dispose([inputs.x, inputs.y, adversarial]);
      return images;
    },
    dispose() {
      step.dispose();
      attackStep.dispose();
    },
  };
}

export const gridColumns = 8;

/** Class-ordered samples by descending E(x,y) from uniform noise: the honest test of what the energy holds. */
export async function sampleGrid(
  model: Classifier,
  split: Split,
  engine: Engine,
  seed: number,
): Promise<{ images: Float32Array; energy: number }> {
  const classes = Math.min(10, model.classes);
  const labels = classOrdered(gridColumns * classes, classes);
  const { images, frames } = await walkFromNoise(model, engine, { split, labels, seed });
  const energies = frames.at(-1)?.marginal ?? new Float32Array();
  return { images, energy: energies.reduce((sum, energy) => sum + energy, 0) / Math.max(1, energies.length) };
}

/** A PNG of a class-ordered grid. */
export const gridOf = (images: Float32Array, shape: ImageShape, provenance: Record<string, string>): Uint8Array =>
  gridPng(images, images.length / (shape[0] * shape[1] * shape[2]), shape, {
    columns: gridColumns,
    scale: 2,
    gap: 1,
    provenance,
  });
