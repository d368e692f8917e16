/** From the flags of `lowland evaluate` to what is measured: the images, the suites, and what tells this evaluation from others. */
import { createHash } from 'node:crypto';
import { budgetFor } from '../attacks/budgets';
import { ballNorms } from '../attacks/perturb';
import { type Dataset, type Split, type SplitName, splitNames, valuesOf } from '../data/dataset';
import { AppError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { parseNumber } from '../lib/options';
import { type Changes, type Suite, autoattackId, autoattackSuite, singleSuite } from '../metrics/autoattack/suite';
import { weightsDigest } from '../models/digest';
import type { CommandContext } from './command';
import type { EvaluateFlags } from './evaluate';
import type { EvaluationPlan } from './evaluate-folder';
import { type OpenModel, datasetFor } from './open-models';

export interface Evaluated {
  readonly data: Dataset;
  readonly split: Split;
  readonly plan: EvaluationPlan;
  readonly shard: { readonly index: number; readonly count: number };
}

/** @throws AppError UNKNOWN_NAME, BAD_OPTION, BAD_DATA. */
export async function evaluationPlan(
  model: OpenModel,
  asked: string,
  flags: Omit<EvaluateFlags, 'suite'>,
  context: CommandContext,
): Promise<Evaluated> {
  const splitName = splitNames.find((known) => known === flags.split);
  if (!splitName) throw unknownName('split', flags.split, splitNames);
  const shard = shardOf(flags.shard);
  const suites = suitesOf(model, flags, context.set);
  const data = await datasetFor(model, flags.data, context);
  const split = data.splits[splitName];
  const images = Math.min(flags.n, split.size);
  const block = Math.min(flags.batch, images);
  const { seed, precision = 'float32' } = context;
  const plan = {
    model: { name: model.name, weights: await weightsDigest(asked, context.dataFolder) },
    data: { id: data.id, split: splitName satisfies SplitName, digest: imagesDigest(split, images) },
    ...{ images, block, seed, precision, suites },
  };
  if (shard.count > Math.ceil(images / block))
    throw new AppError(
      'BAD_OPTION',
      `--shard is '${flags.shard}', but ${images} images are only ${Math.ceil(images / block)} batches of ${block}.`,
      'Use fewer shards, or a smaller --batch.',
    );
  return { data, split, plan, shard };
}

/** 'i/n' as a share; all of it without. @throws AppError BAD_OPTION. */
export function shardOf(given: string): { index: number; count: number } {
  if (given === '') return { index: 0, count: 1 };
  const [, index = NaN, of = NaN] = (/^(\d+)\/(\d+)$/.exec(given) ?? []).map(Number);
  if (index < of) return { index, count: of };
  throw new AppError(
    'BAD_OPTION',
    `--shard is '${given}'; it must be i/n with i from 0 to n - 1.`,
    'For example 0/2 and 1/2.',
  );
}

function suitesOf({ classifier }: OpenModel, flags: Omit<EvaluateFlags, 'suite'>, set: CommandContext['set']): Suite[] {
  const norm = ballNorms.find((known) => known === flags.norm);
  if (!norm) throw unknownName('norm', flags.norm, ballNorms);
  const channels = classifier.inputShape[2];
  const ids = listed('attacks', flags.attacks);
  const radii = flags.eps ? listed('eps', flags.eps).map(radiusOf) : [budgetFor(channels, norm).eps];
  const suites = radii.flatMap((eps) => {
    const changes = changesOf(set, ids);
    return ids.map((id) =>
      id === autoattackId
        ? autoattackSuite(flags.version, { norm, eps }, classifier, changes)
        : singleSuite(id, { norm, eps }, changes[id] ?? {}, channels),
    );
  });
  const used = new Set(suites.flatMap(({ parts }) => parts.map(({ attack }) => attack)));
  const stray = Object.keys(changesOf(set, ids)).find((attack) => !used.has(attack));
  if (stray !== undefined) throw unknownName('attack in --set', stray, [...used], 'BAD_OPTION');
  return suites;
}

function radiusOf(text: string): number {
  const eps = parseNumber(text);
  if (eps > 0 && Number.isFinite(eps)) return eps;
  throw new AppError('BAD_OPTION', `--eps has '${text}'; a radius is a number above 0.`, "For example '8/255'.");
}

function listed(name: string, text: string): string[] {
  const items = [...new Set(text.split(',').map((item) => item.trim()))].filter((item) => item !== '');
  if (items.length > 0) return items;
  throw new AppError('BAD_OPTION', `--${name} is '${text}'; it must be a list separated by commas.`);
}

/** 'pgd.steps=50' by attack; 'steps=50' is of the one attack that is asked for. @throws AppError BAD_OPTION where there are several. */
function changesOf(set: CommandContext['set'], ids: readonly string[]): Changes {
  const changes: Record<string, Record<string, string>> = {};
  for (const [name, value] of Object.entries(set)) {
    const [first = '', ...rest] = name.split('.');
    const [only] = ids.length === 1 && ids[0] !== autoattackId ? ids : [];
    const attack = rest.length > 0 ? first : only;
    if (attack === undefined)
      throw new AppError(
        'BAD_OPTION',
        `--set ${name} does not say of which attack.`,
        `For example --set square.${name}=${value}`,
      );
    changes[attack] = { ...changes[attack], [rest.length > 0 ? rest.join('.') : name]: value };
  }
  return changes;
}

/** SHA-256 of the first images and their labels. */
function imagesDigest({ shape, labels, pixels }: Split, images: number): string {
  const { buffer, byteOffset, BYTES_PER_ELEMENT: width } = pixels;
  return createHash('sha256')
    .update(`${shape.join('x')} ${pixels.constructor.name}`)
    .update(new Uint8Array(labels.buffer, labels.byteOffset, images * labels.BYTES_PER_ELEMENT))
    .update(new Uint8Array(buffer, byteOffset, images * valuesOf(shape) * width))
    .digest('hex');
}
