/** Uniform noise walked down E(x,y) with the usual recipe: the honest test of what an energy holds (a class start does half the work). */
import type { Split } from '../data/dataset';
import type { Compiler } from '../engine/engine';
import { resolve } from '../lib/options';
import type { Classifier } from '../models/model';
import { type GeneratedChunk, generate } from './generate';
import { pgdSynthesis } from './pgd-synthesis';
import { recipeFor } from './recipe';
import { createStart } from './starts';

export interface NoiseWalk {
  /** Gives the images' shape. */
  readonly split: Split;
  /** The class of each chain; at least one. */
  readonly labels: Int32Array;
  readonly seed: number;
  /** Keep the chains every so many steps. */
  readonly trajectory?: number;
  readonly signal?: AbortSignal;
}

/** All chains in one chunk, a pure function of the seed. @throws AppError CANCELLED. */
export async function walkFromNoise(
  model: Classifier,
  engine: Compiler,
  { split, ...walk }: NoiseWalk,
): Promise<GeneratedChunk> {
  const start = createStart('uniform', split, model.classes);
  const recipe = recipeFor(pgdSynthesis, start.id, model.inputShape);
  const options = resolve(pgdSynthesis.options, recipe.options, pgdSynthesis.id);
  const chunk = walk.labels.length;
  const plan = { ...walk, start, options, chunk, conditional: true, sampler: pgdSynthesis, steps: recipe.steps };
  for await (const generated of generate(model, engine, plan)) return generated;
  throw new Error('walkFromNoise: no labels were given');
}
