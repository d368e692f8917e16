/** All training objectives. */
import { Registry } from '../lib/registry';
import type { Values } from '../lib/options';
import { resolve } from '../lib/options';
import { fgsmRs, pgdAt, preJeat } from './adversarial';
import { jeat } from './jeat';
import { natural } from './natural';
import { noise } from './noise';
import type { ObjectiveEntry } from './objective';

export const objectiveRegistry = new Registry<ObjectiveEntry>('objective', [
  natural,
  noise,
  pgdAt,
  fgsmRs,
  preJeat,
  jeat,
]);

/** An objective with its options fixed. */
export interface BoundObjective {
  readonly entry: ObjectiveEntry;
  readonly options: Values<ObjectiveEntry['options']>;
}

/** @throws AppError for an unknown objective or a bad option. */
export function bindObjective(id: string, given: Readonly<Record<string, unknown>>): BoundObjective {
  const entry = objectiveRegistry.get(id);
  return { entry, options: resolve(entry.options, given, entry.id) };
}
