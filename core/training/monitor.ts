/** What a run looks at from time to time: validation accuracy clean and under PGD, energies, flatness proxies, sample grids. */
import { pgd } from '../attacks/pgd';
import type { ImageShape, Split } from '../data/dataset';
import type { Engine, Random } from '../engine/engine';
import { gridPng } from '../figures/png';
import { resolve } from '../lib/options';
import { measureRobustness } from '../metrics/robustness';
import type { Classifier } from '../models/model';
import { classOrdered, generate } from '../sampling/generate';
import { pgdSynthesis } from '../sampling/pgd-synthesis';
import { recipeFor } from '../sampling/recipe';
import { createStart } from '../sampling/starts';
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
  split: Split,
  engine: Engine,
  seed: number,
): Promise<{ images: Float32Array; energy: number }> {
  const start = createStart('uniform', split, model.classes);
  const { steps, options } = recipeFor(pgdSynthesis, start.id, model.inputShape);
  const n = gridColumns * Math.min(10, model.classes);
  const plan = {
    seed,
    start,
    labels: classOrdered(n, Math.min(10, model.classes)),
    conditional: true,
    chunk: n,
    sampler: pgdSynthesis,
    options: resolve(pgdSynthesis.options, options, 'pgd-synthesis'),
    steps,
  };
  for await (const { images, frames } of generate(model, engine, plan)) {
    const energies = frames.at(-1)?.marginal ?? new Float32Array();
    return { images, energy: energies.reduce((sum, energy) => sum + energy, 0) / Math.max(1, energies.length) };
  }
  return { images: new Float32Array(), energy: NaN };
}

/** A PNG of a class-ordered grid. */
export const gridOf = (images: Float32Array, shape: ImageShape, provenance: Record<string, string>): Uint8Array =>
  gridPng(images, images.length / (shape[0] * shape[1] * shape[2]), shape, {
    columns: gridColumns,
    scale: 2,
    gap: 1,
    provenance,
  });
