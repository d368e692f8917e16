/** What has worked for a start: few short steps from a class's own distribution, many long ones from noise. */
import type { ImageShape } from '../data/dataset';
import type { SamplerEntry } from './sampler';
import type { StartId } from './starts';

export interface Recipe {
  readonly steps: number;
  /** Options of the sampler that differ from its defaults. */
  readonly options: Readonly<Record<string, number>>;
}

/** Steps for images of this shape; L2 steps grow with the root of the number of values, so that pixels move alike. */
export function recipeFor(sampler: SamplerEntry, start: StartId, shape: ImageShape): Recipe {
  const near = start !== 'uniform';
  if (sampler.id !== 'pgd-synthesis') return { steps: near ? 20 : 100, options: {} };
  const scale = Math.sqrt((shape[0] * shape[1] * shape[2]) / (28 * 28));
  return { steps: near ? 10 : 60, options: { step: (near ? 0.1 : 0.4) * scale } };
}
