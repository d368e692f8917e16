/**
 * The cells of an evaluation, and how each kind is measured. A suite that measures otherwise (as AutoAttack does) is a kind with its
 * plan in the contract and its entry here.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { AttackEntry } from '../../../attacks/attack';
import { budgetedOptions } from '../../../attacks/budgets';
import { ballNorms } from '../../../attacks/perturb';
import { attackRegistry } from '../../../attacks/registry';
import { autoattackEntry } from '../../../attacks/versions';
import type { CellPlan, EvaluationPlan } from '../../../contract/areas/evaluations';
import type { Split } from '../../../data/dataset';
import type { CompileOptions, Engine } from '../../../engine/engine';
import { AppError } from '../../../lib/errors';
import { toJson } from '../../../lib/json';
import { key } from '../../../lib/key';
import { unknownName } from '../../../lib/nearest';
import { resolve } from '../../../lib/options';
import { suiteStep } from '../../../metrics/autoattack/step';
import { type Ball, autoattackId, autoattackSuite } from '../../../metrics/autoattack/suite';
import { type AttackedBatch, attackedBatches, batchesOf, compileRobustness } from '../../../metrics/robustness';
import type { Classifier } from '../../../models/model';

/** The clean accuracy, then every attack at every radius, by rising radius. @throws AppError UNKNOWN_NAME, BAD_OPTION. */
export function cellsOf(
  { attacks, eps, norm }: EvaluationPlan,
  model: Pick<Classifier, 'classes' | 'inputShape'>,
): CellPlan[] {
  const radii = [...new Set(eps)].filter((radius) => radius > 0).sort((a, b) => a - b);
  return [
    { kind: 'clean' },
    ...attacks.flatMap(({ attack, options: given }) =>
      radii.map((radius): CellPlan => {
        if (attack === autoattackId) return autoattackCell(given, { norm, eps: radius }, model);
        const entry = attackRegistry.get(attack);
        const options = budgetedOptions(entry, { ...given, norm, eps: radius }, model.inputShape[2]);
        if (options.targeted === true)
          throw new AppError('BAD_OPTION', 'Accuracy is measured by untargeted attacks.', "Turn 'targeted' off.");
        return { kind: 'attack', attack, title: entry.title, options: toJson(options), eps: radius };
      }),
    ),
  ];
}

function autoattackCell(
  given: Readonly<Record<string, unknown>>,
  ball: Ball,
  model: Pick<Classifier, 'classes'>,
): CellPlan {
  const { version } = resolve(autoattackEntry.options, given, autoattackId);
  const { title, parts } = autoattackSuite(version, ball, model);
  const options = { version, norm: ball.norm };
  return { kind: 'autoattack', attack: autoattackId, title, options, eps: ball.eps, parts };
}

export interface Measuring {
  readonly engine: Engine;
  readonly compile: CompileOptions;
  readonly classifier: Classifier;
  readonly split: Split;
  readonly images: number;
  readonly batch: number;
  readonly seed: number;
  /** Batches that are kept already. */
  readonly skip: number;
  readonly signal: AbortSignal;
}

/** No attack at all: the point it reaches is the image. */
const none: AttackEntry = {
  id: 'none',
  title: 'Clean',
  summary: 'The images as they are.',
  reference: '',
  options: {},
  run: (_model, x) => tf.clone(x),
};

const kinds: {
  [K in CellPlan['kind']]: (
    cell: Extract<CellPlan, { kind: K }>,
    measuring: Measuring,
  ) => AsyncGenerator<AttackedBatch, void, undefined>;
} = {
  clean: (_cell, measuring) => attacked(none, {}, measuring),
  attack: ({ attack, options }, measuring) => attacked(attackRegistry.get(attack), options, measuring),
  autoattack: autoattacked,
};

/** The rest of a cell, batch by batch; the same batches whether or not some are kept. */
export const measureCell = <K extends CellPlan['kind']>(
  cell: Extract<CellPlan, { kind: K }> & { readonly kind: K },
  measuring: Measuring,
): AsyncGenerator<AttackedBatch, void, undefined> => kinds[cell.kind](cell, measuring);

/** One compiled step for the cell. With the seed of `lowland attack`, its numbers. */
async function* attacked(
  attack: AttackEntry,
  given: Readonly<Record<string, unknown>>,
  { engine, compile, classifier, split, seed, skip, ...plan }: Measuring,
): AsyncGenerator<AttackedBatch, void, undefined> {
  const options = resolve(attack.options, given, attack.id);
  const step = compileRobustness(
    engine,
    classifier,
    { attack, options },
    // of the whole cell: what is left of one must be computed in the same way
    { ...compile, calls: batchesOf(split, plan) },
  );
  try {
    yield* attackedBatches(step, split, plan, key(seed, 'attack'), { first: skip });
  } finally {
    step.dispose();
  }
}

/** Batch by batch through all its attacks; the points are those of the first that fells an image. */
async function* autoattacked(
  { eps, title, options, parts }: Extract<CellPlan, { kind: 'autoattack' }>,
  { engine, compile, classifier, split, seed, skip, ...plan }: Measuring,
): AsyncGenerator<AttackedBatch, void, undefined> {
  const norm = ballNorms.find((known) => known === options.norm);
  if (!norm) throw unknownName('norm', String(options.norm), ballNorms);
  const suite = { id: autoattackId, title, norm, eps, parts, flags: [] };
  const step = suiteStep(engine, classifier, suite, { ...compile, calls: batchesOf(split, plan) });
  try {
    yield* attackedBatches(step, split, plan, key(seed, 'attack'), { first: skip });
  } finally {
    step.dispose();
  }
}
