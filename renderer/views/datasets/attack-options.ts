/** The options of an attack in a form: what was chosen, over the customary radius of the images and steps of a quarter of it. */
import type { Scalar, Schema } from '../../../core/lib/options';

/** As they travel. */
export type OptionValues = Record<string, number | boolean | string | number[]>;

/** What an option has when it is not chosen: the host fills in the same. */
export function usualOptions(
  schema: Schema,
  chosen: Readonly<Record<string, Scalar>>,
  budgets: Readonly<Record<'linf' | 'l2' | 'l1', number>>,
): Record<string, Scalar> {
  const asked = chosen.norm ?? schema.norm?.default;
  const norm = asked === 'l2' || asked === 'l1' ? asked : 'linf';
  const usual = 'eps' in schema ? budgets[norm] : undefined;
  const eps = typeof chosen.eps === 'number' ? chosen.eps : usual;
  return {
    ...(usual === undefined ? {} : { eps: usual }),
    ...(eps === undefined || !('step' in schema) ? {} : { step: eps / 4 }),
  };
}

/** Only what the schema knows and what differs from the usual, to be sent. */
export const chosenOptions = (schema: Schema, chosen: Readonly<Record<string, Scalar>>): OptionValues =>
  Object.fromEntries(
    Object.entries(chosen)
      .filter(([name]) => name in schema)
      .map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
