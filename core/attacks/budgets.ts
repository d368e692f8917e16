/** The perturbation that is customary for a dataset; every command and preset starts from here. */
import { type Schema, type Values, resolve } from '../lib/options';
import type { AttackEntry } from './attack';
import { type BallNorm, ballNorms } from './perturb';

export interface Budget {
  /** Radius and step in [0,1] pixel units. */
  readonly eps: number;
  readonly step: number;
}

const budget = (eps: number): Budget => ({ eps, step: eps / 4 });

/** linf 0.1, l2 1.5 and l1 10 on the grey 28x28 sets and the 2-D toys, linf 8/255, l2 0.5 and l1 12 on small colour photographs. */
const grey: Readonly<Record<BallNorm, Budget>> = { linf: budget(0.1), l2: budget(1.5), l1: budget(10) };
const colour: Readonly<Record<BallNorm, Budget>> = { linf: budget(8 / 255), l2: budget(0.5), l1: budget(12) };

/** The customary budget of a model's input: one channel (or a point of a 2-D toy) is grey, three are colour. */
export const budgetFor = (channels: number, norm: BallNorm = 'linf'): Budget => (channels === 3 ? colour : grey)[norm];

/**
 * An attack's options as given, with the customary radius for the images' channels where none is given, and steps of a quarter of
 * the radius. @throws AppError BAD_OPTION.
 */
export function budgetedOptions(
  attack: AttackEntry,
  given: Readonly<Record<string, unknown>>,
  channels: number,
): Values<Schema> {
  const asked = resolve(attack.options, given, attack.id);
  const norm = ballNorms.find((known) => known === asked.norm) ?? 'linf';
  const eps = given.eps === undefined ? budgetFor(channels, norm).eps : Number(asked.eps);
  const usual: Readonly<Record<string, unknown>> = {
    eps,
    ...('step' in attack.options ? { step: eps / 4 } : {}),
    ...given,
  };
  return resolve(attack.options, { ...usual, eps }, attack.id);
}
