/** An option of a schema as the text of its field, and back: values, units and ranges in words. */
import { AppError } from '../../core/lib/errors';
import { type NumberOption, type Option, type Scalar, resolve } from '../../core/lib/options';
import { distance } from '../lib/format';

const pixels = 'pixel range 1';
const isDistance = (option: Option): boolean => option.unit === pixels || (option.unit ?? '').includes('n/255');
const plain = (option: Option, value: number): string => (isDistance(option) ? levels(value) : String(value));

/** 8/255 for what is a whole or half number of levels, else the number as it is. */
const levels = (value: number): string => (distance(value).endsWith('/255') ? distance(value) : String(value));

/** The value as one would type it. */
export function textOf(option: Option, value: Scalar): string {
  if (typeof value === 'number') return plain(option, value);
  if (typeof value === 'object') return value.map((entry) => plain(option, entry)).join(', ');
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : value;
}

export type Read = { readonly value: Scalar; readonly problem?: undefined } | { readonly problem: string };

/** What was typed, judged as the command line judges it, in the same sentence. */
export function readOption(option: Option, raw: unknown, label: string): Read {
  try {
    return { value: resolve({ value: option }, { value: raw }, label, () => label).value };
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message };
    throw error;
  }
}

export const isSame = (a: Scalar, b: Scalar): boolean =>
  typeof a === 'object' && typeof b === 'object'
    ? a.length === b.length && a.every((entry, i) => entry === b[i])
    : a === b;

const bounded = (option: Option): option is NumberOption => option.kind === 'real' || option.kind === 'count';

/** '≥ 0', '0 – 1', 'steps · ≥ 1': what stands at the right of the label. */
export function unitOf(option: Option): string | undefined {
  return [option.unit, rangeOf(option)].filter(Boolean).join(' · ') || undefined;
}

function rangeOf(option: Option): string | undefined {
  if (!bounded(option) && option.kind !== 'list') return undefined;
  const { min, max } = option;
  const low = Number.isFinite(min) && !(option.kind === 'count' && min === 0);
  const high = Number.isFinite(max) && !(option.kind === 'count' && max >= 1e9);
  if (low && high) return `${min} – ${max}`;
  if (low) return `≥ ${min}`;
  return high ? `≤ ${max}` : undefined;
}
