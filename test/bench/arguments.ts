/** The bench's command line, checked before anything starts. */
import { parseArgs } from 'node:util';
import { type EngineId, type Precision, engineIds, precisions } from '../../core/engine/engine';
import { AppError } from '../../core/lib/errors';
import { benchNet, usualNets } from './nets';
import { usualPrecisions } from './plan';

export interface Settings {
  readonly quick: boolean;
  readonly json: boolean;
  readonly engines: readonly EngineId[];
  readonly precisions: readonly Precision[];
  readonly models: readonly string[];
  readonly batches: readonly number[];
  readonly rounds: number;
  readonly against: boolean;
  /** Parts of names of the cases to time; all without. */
  readonly cases?: readonly string[];
  /** AutoAttack on published nets, or where the time of cases goes, and nothing else. */
  readonly only?: 'autoattack' | 'profile';
  /** Files of results to write docs/benchmarks.md from, instead of timing. */
  readonly docs?: readonly string[];
}

export const usage = `npm run bench -- [--quick] [--json] [--engines tensorflow,webgpu,wasm] [--precisions float32,bfloat16]
  [--models ${usualNets.join(',')}] [--batches 8,64,128] [--rounds n] [--against pytorch]
  [--cases pgd-at,jeat]
npm run bench -- --only autoattack [--json] [--models resnet2b,cifar_base] [--batches 100] [--rounds n] [--engines tensorflow]
npm run bench -- --only profile [--json] [--cases pgd-at] [--models wrn-16-2] [--batches 8] [--precisions float32] [--against pytorch]
npm run bench -- --docs results.json,more.json`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

/** @throws AppError USAGE with one sentence that holds what is wrong. */
export function readArguments(given: readonly string[]): Settings {
  const { values } = parsed(given);
  const { quick, json } = values;
  const docs = items('docs', values.docs);
  const cases = items('cases', values.cases);
  if (values.against !== undefined && values.against !== 'pytorch')
    throw new AppError('USAGE', `--against is '${values.against}'; there is only pytorch to compare with.`);
  const against = values.against === 'pytorch' || values.only === 'autoattack';
  const oneOf = <T extends string>(name: string, list: readonly string[], known: readonly T[]): T[] =>
    list.map((item) => {
      const found = known.find((id) => id === item);
      if (!found) throw new AppError('USAGE', `--${name} has '${item}'; known are ${known.join(', ')}.`);
      return found;
    });
  if (values.only !== undefined && values.only !== 'autoattack' && values.only !== 'profile')
    throw new AppError('USAGE', `--only is '${values.only}'; there are autoattack and profile.`);
  const only = values.only === 'autoattack';
  const models = items('models', values.models) ?? (only ? ['resnet2b'] : [...usualNets]);
  if (!only) for (const model of models) benchNet(model);
  return {
    quick,
    json,
    engines: oneOf('engines', items('engines', values.engines) ?? usualEngines(against), engineIds),
    precisions: oneOf('precisions', items('precisions', values.precisions) ?? usualPrecisions, precisions),
    models,
    batches: (items('batches', values.batches) ?? (only ? ['100'] : ['8', '64', '128'])).map((n) =>
      whole('batches', n),
    ),
    rounds: whole('rounds', values.rounds ?? (values.only ? '3' : quick ? '5' : '7')),
    against,
    ...(docs ? { docs } : {}),
    ...(values.only ? { only: values.only } : {}),
    ...(cases ? { cases } : {}),
  };
}

const usualEngines = (against: boolean): string[] => (against ? ['tensorflow'] : ['tensorflow', 'webgpu', 'wasm']);

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: { quick: flag, json: flag, engines: text, precisions: text, models: text, batches: text, rounds: text, against: text, cases: text, docs: text, only: text }, // prettier-ignore
    });
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new AppError('USAGE', `${first.replace(/\.$/, '')}.`, usage);
  }
}

/** A list separated by commas; undefined where the flag was not given. */
function items(name: string, list: string | undefined): string[] | undefined {
  if (list === undefined) return undefined;
  const found = [...new Set(list.split(',').map((item) => item.trim()))].filter((item) => item !== '');
  if (found.length === 0) throw new AppError('USAGE', `--${name} is empty; it is a list separated by commas.`);
  return found;
}

function whole(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 100_000) return number;
  throw new AppError('USAGE', `--${name} has '${value}'; it must be a whole number of at least 1.`);
}
