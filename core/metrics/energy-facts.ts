/**
 * What is known of attacks' effect on the energies of a standardly trained classifier (Mirza et al. 2024, figure 2; Beadini & Masi 2023),
 * each as a check on measured numbers. A robust classifier may well break them: its energies hardly move.
 */
import type { EnergyChange, EnergyChanges } from './energy-changes';

/** What a fact is measured by: an attack of the registry with its options; its radius is chosen where it is not among them. */
export interface FactAttack {
  readonly attack: string;
  readonly given: Readonly<Record<string, string | number | boolean>>;
}

export const factAttacks = {
  pgd: { attack: 'pgd', given: { loss: 'ce', steps: 20 } },
  'trades-kl': { attack: 'pgd', given: { loss: 'kl', steps: 20 } },
  'apgd-ce': { attack: 'apgd-ce', given: {} },
  'apgd-t': { attack: 'apgd-t', given: {} },
  // looks for the smallest perturbation, so no radius is meant to stop it
  cw: { attack: 'cw', given: { norm: 'l2', eps: 1000, steps: 200, search: 5 } },
} as const satisfies Readonly<Record<string, FactAttack>>;
export type FactId = keyof typeof factAttacks;
export const factIds = Object.keys(factAttacks) as readonly FactId[];

/** The mean change under an attack, and what it must keep to, both in nats. */
export interface FactCheck {
  readonly quantity: 'E(x)' | 'E(x,y)';
  readonly expected: Expectation;
  readonly change: number;
  readonly standardError: number;
  /** The change must lie in here; null is no bound. */
  readonly from: number | null;
  readonly to: number | null;
  /** Where the bounds come from. */
  readonly reason: string;
  readonly holds: boolean;
}

export interface Fact {
  readonly id: FactId;
  readonly sentence: string;
  readonly verdict: 'holds' | 'does not hold' | 'not measured';
  readonly checks: readonly FactCheck[];
  /** Why it was not measured. */
  readonly why?: string;
}

/** What was measured under each attack, or why it was not. */
export type Measured = Readonly<Record<FactId, EnergyChanges | string>>;

type Expectation = 'strongly down' | 'slightly down' | 'down' | 'up' | 'almost unchanged';

const significant = 'more than two standard errors of the mean: not chance';
/** Of the clean spread: half the images' energies lie within .67 of it. */
const [strong, still] = [1, 0.25];

const expected: Readonly<Record<Expectation, (change: EnergyChange, pgd?: EnergyChange) => Bounds | string>> = {
  up: ({ standardError }) => ({ from: 2 * standardError, to: null, reason: significant }),
  down: ({ standardError }) => ({ from: null, to: -2 * standardError, reason: significant }),
  'strongly down': ({ spread }) => ({
    from: null,
    to: -strong * spread,
    reason: 'beyond one standard deviation of the clean energies: the histograms come apart',
  }),
  'slightly down': ({ standardError }, pgd) => {
    if (!pgd) return 'PGD, which it is compared with, was not measured.';
    const to = -2 * standardError;
    return pgd.change / 2 < to
      ? { from: pgd.change / 2, to, reason: `${significant}; yet less than half of what PGD does` }
      : { from: null, to, reason: `${significant}; PGD itself does not bring it down by twice as much` };
  },
  'almost unchanged': ({ spread }) => ({
    from: -still * spread,
    to: still * spread,
    reason: 'within a quarter of the standard deviation of the clean energies: the histograms coincide to the eye',
  }),
};
interface Bounds {
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: string;
}

const facts: Readonly<
  Record<FactId, { readonly sentence: string; readonly marginal: Expectation; readonly joint?: Expectation }>
> = {
  pgd: { sentence: 'PGD brings E(x) strongly down and E(x,y) up.', marginal: 'strongly down', joint: 'up' },
  'trades-kl': { sentence: "TRADES' attack on the KL divergence brings E(x) down.", marginal: 'down' },
  'apgd-ce': { sentence: 'APGD brings E(x) slightly down and E(x,y) up.', marginal: 'slightly down', joint: 'up' },
  'apgd-t': { sentence: 'APGD-T brings E(x) up.', marginal: 'up' },
  cw: { sentence: 'CW leaves E(x) almost unchanged.', marginal: 'almost unchanged' },
};

/** A verdict on each fact. */
export function energyFacts(measured: Measured): Fact[] {
  const pgd = measured.pgd;
  return factIds.map((id): Fact => {
    const { sentence, marginal, joint } = facts[id];
    const found = measured[id];
    if (typeof found === 'string') return { id, sentence, verdict: 'not measured', checks: [], why: found };
    const wanted = [
      { quantity: 'E(x)', expects: marginal, change: found.marginal },
      ...(joint ? [{ quantity: 'E(x,y)', expects: joint, change: found.joint } as const] : []),
    ] as const;
    const checks: FactCheck[] = [];
    for (const { quantity, expects, change } of wanted) {
      const bounds = expected[expects](change, typeof pgd === 'string' ? undefined : pgd.marginal);
      if (typeof bounds === 'string') return { id, sentence, verdict: 'not measured', checks: [], why: bounds };
      const { from, to } = bounds;
      const holds = (from === null || change.change > from) && (to === null || change.change < to);
      const { standardError } = change;
      checks.push({ quantity, expected: expects, change: change.change, standardError, ...bounds, holds });
    }
    return { id, sentence, verdict: checks.every(({ holds }) => holds) ? 'holds' : 'does not hold', checks };
  });
}
