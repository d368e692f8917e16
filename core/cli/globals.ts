/** The flags that every command has, and their reading into a context. */
import { type EngineId, type Precision, engineIds, precisions } from '../engine/engine';
import { AppError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { dataFolder } from '../lib/paths';

export interface GlobalFlag {
  /** As on the command line, with its value's name if it takes one. */
  readonly flags: string;
  readonly help: string;
}

export const globalFlags: readonly GlobalFlag[] = [
  { flags: '--json', help: 'Print exactly one JSON document on stdout.' },
  { flags: '--seed <n>', help: 'Seed of all randomness (default: 0).' },
  { flags: '--engine <id>', help: `One of ${engineIds.join(', ')} (default: the best that works).` },
  {
    flags: '--precision <p>',
    help: `Of convolutions: ${precisions.join(' or ')} (on engine tensorflow; default: ${precisions[0]}).`,
  },
  { flags: '--out <path>', help: 'Where the result goes.' },
  {
    flags: '--data-dir <folder>',
    help: 'Datasets, models and runs (default: LOWLAND_DATA, else the per-user data folder).',
  },
  { flags: '--set <name=value>', help: 'Set an option of what the command configures; may be repeated.' },
  { flags: '--quiet', help: 'No progress on stderr.' },
];

export interface GlobalValues {
  readonly json: boolean;
  readonly seed: number;
  readonly engine: EngineId | undefined;
  readonly precision: Precision | undefined;
  readonly out: string | undefined;
  readonly dataFolder: string;
  readonly set: Readonly<Record<string, string>>;
  readonly quiet: boolean;
}

/** What the parser found for the global flags. */
export interface GivenGlobals {
  readonly json?: boolean;
  readonly seed?: string;
  readonly engine?: string;
  readonly precision?: string;
  readonly out?: string;
  readonly dataDir?: string;
  readonly set?: readonly string[];
  readonly quiet?: boolean;
}

/** @throws AppError BAD_OPTION or UNKNOWN_NAME for a value that cannot be. */
export function readGlobals(given: GivenGlobals): GlobalValues {
  return {
    json: given.json ?? false,
    seed: seedOf(given.seed ?? '0'),
    engine: given.engine === undefined ? undefined : engineOf(given.engine),
    precision: given.precision === undefined ? undefined : precisionOf(given.precision),
    out: given.out,
    dataFolder: dataFolder(given.dataDir),
    set: Object.fromEntries((given.set ?? []).map(assignment)),
    quiet: given.quiet ?? false,
  };
}

function seedOf(value: string): number {
  const seed = value.trim() === '' ? NaN : Number(value);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new AppError('BAD_OPTION', `--seed is '${value}'; it must be a whole number from 0 to 2^53 - 1.`);
}

function engineOf(value: string): EngineId {
  const id = engineIds.find((known) => known === value);
  if (!id) throw unknownName('engine', value, engineIds);
  return id;
}

function precisionOf(value: string): Precision {
  const found = precisions.find((known) => known === value);
  if (!found) throw unknownName('precision', value, precisions);
  return found;
}

function assignment(value: string): [string, string] {
  const at = value.indexOf('=');
  if (at < 1)
    throw new AppError('BAD_OPTION', `--set is given '${value}'; it must be name=value.`, 'For example --set epochs=2');
  return [value.slice(0, at), value.slice(at + 1)];
}
