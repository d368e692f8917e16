/** The options of a sampler as they stand: its defaults, what has worked for the start, and what the user set. */
import type { Schema } from '../../../core/lib/options';

export type OptionValue = number | string | boolean;
export type Options = Readonly<Record<string, OptionValue>>;

/** Every option that travels; the recipe goes over the default, the user's over both. */
export function standing(schema: Schema, recipe: Options, own: Options): Options {
  const values = Object.entries(schema).map(([name, option]) => [name, own[name] ?? recipe[name] ?? option.default]);
  return Object.fromEntries(values.filter(([, value]) => typeof value !== 'object')) as Options;
}

export const sameOptions = (a: Options, b: Options): boolean => {
  const names = Object.keys({ ...a, ...b });
  return names.every((name) => a[name] === b[name]);
};

/**
 * What a slider of a number spans, from what is usual for it: ratios round a step, evenly from none to ten times a noise, all of what is
 * bounded.
 */
export function rangeOf(
  { min, max }: { readonly min: number; readonly max: number },
  base: number,
  name = '',
): { min: number; max: number; step?: number; scale: 'linear' | 'log' } {
  if (Number.isFinite(min) && Number.isFinite(max)) return { min, max, step: (max - min) / 100, scale: 'linear' };
  if (name === 'noise' || base <= 0) {
    const top = base > 0 ? 20 * base : 1;
    return { min: Math.max(0, min), max: top, step: top / 200, scale: 'linear' };
  }
  return { min: base / 100, max: base * 100, scale: 'log' };
}
