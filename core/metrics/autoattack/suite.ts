/**
 * A suite: attacks that share a ball and take turns, each on the images that the ones before left standing (Croce & Hein 2020,
 * section 5). A single attack is a suite of one.
 */
import { budgetedOptions } from '../../attacks/budgets';
import type { BallNorm } from '../../attacks/perturb';
import { attackRegistry } from '../../attacks/registry';
import { type VersionId, versionParts } from '../../attacks/versions';
import { AppError } from '../../lib/errors';
import { type JsonObject, toJson } from '../../lib/json';
import { resolve } from '../../lib/options';
import type { Classifier } from '../../models/model';
import type { Flag } from './flags';

/** What this attack is called where a plan names attacks. */
export const autoattackId = 'autoattack' as const;

export interface Part {
  /** Of the attack in the registry; no suite has one twice. */
  readonly attack: string;
  readonly title: string;
  /** Every option as it is used, norm and eps among them. */
  readonly options: JsonObject;
}

export interface Suite {
  readonly id: string;
  readonly title: string;
  readonly norm: BallNorm;
  readonly eps: number;
  readonly parts: readonly Part[];
  /** What is not as usual: attacks that had to be left out for this model, budgets that were changed. */
  readonly flags: readonly Flag[];
}

export interface Ball {
  readonly norm: BallNorm;
  /** In [0,1] pixel units. */
  readonly eps: number;
}

/** The fewest classes that an attack's loss is defined for. */
const classesNeeded: Readonly<Record<string, number>> = { 'apgd-dlr': 3, 'apgd-t': 4 };

/** Options of attacks that are not to be the usual ones: attack, option, value. */
export type Changes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * AutoAttack for a model of so many classes. Where these are fewer than an attack's loss needs, it is left out; where they are fewer
 * than its targets, all of them are taken. @throws AppError BAD_OPTION where no attack is left, or a change fits none.
 */
export function autoattackSuite(
  version: VersionId,
  { norm, eps }: Ball,
  { classes }: Pick<Classifier, 'classes'>,
  changes: Changes = {},
): Suite {
  if (classes < 2) throw new AppError('BAD_OPTION', `AutoAttack needs at least 2 classes; this model has ${classes}.`);
  const flags: Flag[] = [];
  const say = (id: Flag['id'], sentence: string) => void flags.push({ id, sentence });
  const parts = versionParts(version, norm).flatMap(({ attack, options: given }): Part[] => {
    const entry = attackRegistry.get(attack);
    const needed = classesNeeded[attack] ?? 2;
    if (classes < needed) {
      say('few-classes', `With ${classes} classes ${entry.title} is left out: its loss needs at least ${needed}.`);
      return [];
    }
    const { targets } = given;
    const aimed = targets === undefined ? undefined : Math.min(targets, classes - 1);
    if (aimed !== targets)
      say(
        'few-classes',
        `With ${classes} classes ${entry.title} aims at ${aimed} wrong classes instead of ${targets}.`,
      );
    const usual = { ...given, ...(aimed === undefined ? {} : { targets: aimed }) };
    const options = resolve(entry.options, { ...usual, ...changes[attack], norm, eps }, attack);
    for (const name of Object.keys(changes[attack] ?? {}))
      say(
        'changed-budget',
        `${name} of ${entry.title} is ${String(options[name])}, not AutoAttack's: the result is not comparable with others.`,
      );
    return [{ attack, title: entry.title, options: toJson(options) }];
  });
  const title = version === 'standard' ? 'AutoAttack' : `AutoAttack ${version}`;
  return { id: autoattackId, title, norm, eps, parts, flags };
}

/** One attack of the registry, with options as given and the customary ones. @throws AppError UNKNOWN_NAME, BAD_OPTION. */
export function singleSuite(
  attack: string,
  { norm, eps }: Ball,
  given: Readonly<Record<string, unknown>>,
  channels: number,
): Suite {
  const entry = attackRegistry.get(attack);
  const options = budgetedOptions(entry, { ...given, norm, eps }, channels);
  if (options.targeted === true)
    throw new AppError('BAD_OPTION', 'Accuracy is measured by untargeted attacks.', "Turn 'targeted' off.");
  const { title } = entry;
  return { id: attack, title, norm, eps, parts: [{ attack, title, options: toJson(options) }], flags: [] };
}
