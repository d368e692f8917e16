/**
 * AutoAttack's versions (Croce & Hein 2020) as data: which attacks, in which order, with which budgets. 'standard' is the benchmark's,
 * 'plus' adds restarts and the attacks that standard leaves out, 'rand' averages gradients for models that are random at test time.
 */
import { choice } from '../lib/options';
import type { Entry } from '../lib/registry';
import type { BallNorm } from './perturb';

export const versionIds = ['standard', 'plus', 'rand'] as const;
export type VersionId = (typeof versionIds)[number];

const options = { version: choice(versionIds, 'standard', 'Which attacks with which budgets.') };
/** What a form offers beside the attacks themselves. */
export const autoattackEntry: Entry<typeof options> = {
  id: 'autoattack',
  title: 'AutoAttack',
  summary: 'APGD, FAB and Square one after the other, each on what still stands.',
  reference: 'arXiv 2003.01690',
  options,
};

/** An attack of the registry and what its options are besides norm and eps. */
export interface VersionPart {
  readonly attack: string;
  readonly options: { readonly targets?: number } & Readonly<Record<string, number | boolean>>;
}

const steps = 100;
const targets = 9;
const square: VersionPart = { attack: 'square', options: { steps: 5000, restarts: 1 } };
const fabT: VersionPart = { attack: 'fab-t', options: { steps, restarts: 1, targets } };
const apgd = (attack: string, restarts: number, more: VersionPart['options'] = {}): VersionPart => ({
  attack,
  options: { steps, restarts, rho: 0.75, eot: 1, ...more },
});

/** The attacks of a version in their order; in l1 'standard' has 5 restarts, 5 targets and wide starts, as the authors' code. */
export function versionParts(version: VersionId, norm: BallNorm): readonly VersionPart[] {
  switch (version) {
    case 'standard':
      return norm === 'l1'
        ? [apgd('apgd-ce', 5, { wideStart: true }), apgd('apgd-t', 1, { targets: 5, wideStart: true }), fabT, square]
        : [apgd('apgd-ce', 1), apgd('apgd-t', 1, { targets }), fabT, square];
    case 'plus':
      return [
        apgd('apgd-ce', 5),
        apgd('apgd-dlr', 5),
        { attack: 'fab', options: { steps, restarts: 5 } },
        square,
        apgd('apgd-t', 1, { targets }),
        fabT,
      ];
    case 'rand':
      return [apgd('apgd-ce', 1, { eot: 20 }), apgd('apgd-dlr', 1, { eot: 20 })];
  }
}
