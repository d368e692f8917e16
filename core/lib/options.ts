/**
 * Option schemas as data. One schema drives command-line flags, forms, stored configurations and validation:
 * each option has a kind, a default, bounds, a unit and a sentence. `resolve` is the only reader of untrusted values.
 */
import { AppError } from './errors';
import { suggestion, unknownName } from './nearest';

interface Described {
  readonly help: string;
  /** 'n/255', 'steps', 'images', …: shown after the number. */
  readonly unit?: string;
}

export type NumberOption = Described & { kind: 'real' | 'count'; default: number; min: number; max: number };
export type ChoiceOption<T extends string = string> = Described & { kind: 'choice'; default: T; choices: readonly T[] };
export type FlagOption = Described & { kind: 'flag'; default: boolean };
export type TextOption = Described & { kind: 'text'; default: string };
export type ListOption = Described & { kind: 'list'; default: readonly number[]; min: number; max: number };
export type Option = NumberOption | ChoiceOption | FlagOption | TextOption | ListOption;
export type Schema = Readonly<Record<string, Option>>;

export type ValueOf<O extends Option> = O extends { kind: 'real' | 'count' }
  ? number
  : O extends ChoiceOption<infer T>
    ? T
    : O extends FlagOption
      ? boolean
      : O extends ListOption
        ? readonly number[]
        : string;
/** The resolved values of a schema. */
export type Values<S extends Schema> = { readonly [K in keyof S]: ValueOf<S[K]> };
export type Scalar = number | string | boolean | readonly number[];

type Extra = { min?: number; max?: number; unit?: string };

/** A real number; `default` may be a fraction in text, as '8/255'. */
export const real = (
  value: number | string,
  help: string,
  { min = -Infinity, max = Infinity, ...rest }: Extra = {},
): NumberOption => ({
  kind: 'real',
  default: parseNumber(value),
  min,
  max,
  help,
  ...rest,
});
/** A distance or step in [0,1] pixel units: a real >= 0, usually written n/255. */
export const distance = (value: number | string, help: string): NumberOption =>
  real(value, help, { min: 0, unit: 'pixel range 1' });
export const count = (value: number, help: string, { min = 0, max = 1e9, ...rest }: Extra = {}): NumberOption => ({
  kind: 'count',
  default: value,
  min,
  max,
  help,
  ...rest,
});
export const choice = <const T extends string>(
  choices: readonly T[],
  value: NoInfer<T>,
  help: string,
): ChoiceOption<T> => ({ kind: 'choice', choices, default: value, help });
export const flag = (value: boolean, help: string): FlagOption => ({ kind: 'flag', default: value, help });
export const text = (value: string, help: string): TextOption => ({ kind: 'text', default: value, help });
export const list = (
  value: readonly number[],
  help: string,
  { min = -Infinity, max = Infinity, ...rest }: Extra = {},
): ListOption => ({ kind: 'list', default: value, min, max, help, ...rest });

/** '8/255' and '0.03' to a number; NaN when it is neither. */
export function parseNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return NaN;
  const [top, bottom, ...more] = value.split('/');
  if (more.length > 0) return NaN;
  return bottom === undefined ? Number(top) : Number(top) / Number(bottom);
}

/**
 * Checks `given` against the schema and fills in defaults; errors call an option 'owner.name', or as `label` says.
 * @throws AppError BAD_OPTION for an unknown option (naming the nearest) or a value outside its range.
 */
export function resolve<S extends Schema>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
  owner: string,
  label: (name: string) => string = (name) => `${owner}.${name}`,
): Values<S> {
  const known = Object.keys(schema);
  for (const name of Object.keys(given))
    if (!known.includes(name)) throw unknownName(`option of ${owner}`, name, known, 'BAD_OPTION');
  const values = Object.entries(schema).map(([name, option]) => [
    name,
    given[name] === undefined ? option.default : parseOption(option, given[name], label(name)),
  ]);
  return Object.fromEntries(values) as Values<S>;
}

function parseOption(option: Option, value: unknown, name: string): Scalar {
  const wrong = (wanted: string, hint = option.help) =>
    new AppError('BAD_OPTION', `${name} is ${JSON.stringify(value)}; it must be ${wanted}.`, hint);
  switch (option.kind) {
    case 'real':
    case 'count': {
      const number = parseNumber(value);
      const whole = option.kind === 'count';
      const range = `${whole ? 'a whole number' : 'a number'}${bounds(option)}`;
      if (
        !Number.isFinite(number) ||
        (whole && !Number.isInteger(number)) ||
        number < option.min ||
        number > option.max
      )
        throw wrong(range);
      return number;
    }
    case 'choice':
      if (typeof value !== 'string' || !option.choices.includes(value))
        throw wrong(`one of ${option.choices.join(', ')}`, suggestion(String(value), option.choices));
      return value;
    case 'flag':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw wrong('true or false');
    case 'text':
      if (typeof value !== 'string' || value.length > 4096) throw wrong('a text of at most 4096 characters');
      return value;
    case 'list': {
      const numbers = (typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [NaN]).map(
        parseNumber,
      );
      if (numbers.some((n) => !Number.isFinite(n) || n < option.min || n > option.max))
        throw wrong(`numbers${bounds(option)}, separated by commas`);
      return numbers;
    }
  }
}

function bounds({ min, max }: { min: number; max: number }): string {
  if (Number.isFinite(min) && Number.isFinite(max)) return ` from ${min} to ${max}`;
  if (Number.isFinite(min)) return ` of at least ${min}`;
  return Number.isFinite(max) ? ` of at most ${max}` : '';
}
