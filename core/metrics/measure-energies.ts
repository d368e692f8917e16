/** Energies under the attacks that the known facts speak of, and a verdict on each fact. */
import { budgetedOptions } from '../attacks/budgets';
import { attackRegistry } from '../attacks/registry';
import type { Split } from '../data/dataset';
import type { Compiler } from '../engine/engine';
import { AppError } from '../lib/errors';
import { key } from '../lib/key';
import type { Classifier } from '../models/model';
import { type EnergyChanges, energyChanges } from './energy-changes';
import { type Fact, type FactId, type Measured, energyFacts, factAttacks, factIds } from './energy-facts';
import type { MeasurePlan } from './measure';
import { type RobustnessResult, batchesOf, compileRobustness, measureRobustness } from './robustness';

export interface EnergyPlan extends MeasurePlan {
  /** Linf radius of all attacks but CW; by default the customary one of the images. */
  readonly eps?: number;
  /** The facts that are looked at; all by default. */
  readonly facts?: readonly FactId[];
  /** Options of an attack that differ from the usual, by fact. */
  readonly given?: Partial<Readonly<Record<FactId, Readonly<Record<string, unknown>>>>>;
}

export interface MeasuredEnergies extends EnergyChanges {
  readonly id: FactId;
  readonly attack: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface EnergyResult {
  readonly attacks: readonly MeasuredEnergies[];
  readonly facts: readonly Fact[];
  /** The energies of every image by fact, for histograms. */
  readonly perImage: Partial<Readonly<Record<FactId, RobustnessResult['perImage']>>>;
}

/** An attack that is not there, or does not fit the model, leaves its fact not measured. @throws AppError BAD_DATA, CANCELLED. */
export async function measureEnergies(
  engine: Compiler,
  model: Classifier,
  split: Split,
  plan: EnergyPlan,
): Promise<EnergyResult> {
  const wanted = plan.facts ?? factIds;
  const attacks: MeasuredEnergies[] = [];
  const perImage: Partial<Record<FactId, RobustnessResult['perImage']>> = {};
  const told = 'It was not asked for.';
  const measured: Record<FactId, EnergyChanges | string> = {
    pgd: told,
    'trades-kl': told,
    'apgd-ce': told,
    'apgd-t': told,
    cw: told,
  };
  for (const [i, id] of wanted.entries()) {
    const found = await underAttack(engine, model, split, id, {
      ...plan,
      tell: (done) => plan.tell?.((i + done) / wanted.length),
    });
    if (typeof found === 'string') measured[id] = found;
    else {
      measured[id] = found.changes;
      perImage[id] = found.result.perImage;
      attacks.push({ id, attack: factAttacks[id].attack, options: found.options, ...found.changes });
    }
    plan.tell?.((i + 1) / wanted.length);
  }
  return { attacks, facts: energyFacts(measured satisfies Measured), perImage };
}

async function underAttack(engine: Compiler, model: Classifier, split: Split, id: FactId, plan: EnergyPlan) {
  const { attack: name, given } = factAttacks[id];
  if (!attackRegistry.ids.includes(name)) return `There is no attack '${name}'.`;
  const attack = attackRegistry.get(name);
  const asked = { ...(plan.eps === undefined ? {} : { eps: plan.eps }), ...given, ...plan.given?.[id] };
  try {
    const options = budgetedOptions(attack, asked, model.inputShape[2]);
    const { images, batch, seed, compile, signal } = plan;
    const calls = batchesOf(split, { images, batch });
    const step = compileRobustness(engine, model, { attack, options }, { ...compile, calls });
    try {
      const at = { images, batch, ...(signal ? { signal } : {}) };
      const result = await measureRobustness(step, split, at, key(seed, 'attack'));
      return { options, result, changes: energyChanges(result) };
    } finally {
      step.dispose();
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'BAD_OPTION') return error.message;
    throw error;
  }
}
