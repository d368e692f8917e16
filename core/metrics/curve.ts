/**
 * Accuracy against the radius of attacks (Carlini et al. 2019, section 4.3: it must fall to chance). Each point is as measured, so a curve
 * may rise where an attack fails; the worst case beside it cannot.
 */
import { budgetedOptions } from '../attacks/budgets';
import { attackRegistry } from '../attacks/registry';
import type { BallNorm } from '../attacks/perturb';
import type { Split } from '../data/dataset';
import type { Compiler } from '../engine/engine';
import { AppError } from '../lib/errors';
import { key } from '../lib/key';
import type { Classifier } from '../models/model';
import type { MeasurePlan } from './measure';
import { attackedBatches, batchesOf, compileRobustness } from './robustness';

export interface CurvePlan extends MeasurePlan {
  readonly attacks: readonly { readonly attack: string; readonly given?: Readonly<Record<string, unknown>> }[];
  readonly norm: BallNorm;
  /** In [0,1] pixel units; those above 0 are measured, by rising radius. */
  readonly eps: readonly number[];
}

export interface CurveResult {
  readonly norm: BallNorm;
  readonly images: number;
  readonly clean: number;
  readonly eps: readonly number[];
  readonly attacks: readonly {
    readonly attack: string;
    readonly title: string;
    readonly accuracy: readonly number[];
  }[];
  /** Share of the images that none of the attacks felled at this radius or a smaller one. */
  readonly worst: readonly number[];
}

/** @throws AppError BAD_OPTION, UNKNOWN_NAME, BAD_DATA for an empty split, CANCELLED. */
export async function measureCurve(
  engine: Compiler,
  model: Classifier,
  split: Split,
  plan: CurvePlan,
): Promise<CurveResult> {
  const { norm, seed, compile, tell, signal, batch } = plan;
  const eps = [...new Set(plan.eps)].filter((radius) => radius > 0).sort((a, b) => a - b);
  const images = Math.min(plan.images, split.size);
  if (plan.attacks.length === 0 || eps.length === 0)
    throw new AppError('BAD_OPTION', 'A curve needs an attack and a radius above 0.', "Give radii as '2/255,8/255'.");
  if (images === 0) throw new AppError('BAD_DATA', 'There is no image to measure.', 'Choose another split.');
  const rows = plan.attacks.map(({ attack: id, given = {} }) => {
    const attack = attackRegistry.get(id);
    const options = eps.map((radius) => budgetedOptions(attack, { ...given, norm, eps: radius }, model.inputShape[2]));
    if (options.some(({ targeted }) => targeted === true))
      throw new AppError('BAD_OPTION', 'Accuracy is measured by untargeted attacks.', "Turn 'targeted' off.");
    return { attack, options };
  });
  let clean = new Array<boolean>(images).fill(false);
  const felledAt = new Array<number>(images).fill(Infinity);
  const attacks: CurveResult['attacks'][number][] = [];
  let done = 0;
  for (const { attack, options } of rows) {
    const accuracy: number[] = [];
    for (const [k, chosen] of options.entries()) {
      const step = compileRobustness(
        engine,
        model,
        { attack, options: chosen },
        { ...compile, calls: batchesOf(split, { images, batch }) },
      );
      try {
        const right: boolean[] = [];
        const standing: boolean[] = [];
        const at = { images, batch, ...(signal ? { signal } : {}) };
        for await (const each of attackedBatches(step, split, at, key(seed, 'attack'))) {
          right.push(...each.clean.correct);
          standing.push(...each.clean.correct.map((own, i) => own && each.adversarial.correct[i] === true));
          tell?.((done + right.length / images) / (rows.length * eps.length));
        }
        clean = right;
        standing.forEach((stands, i) => {
          if (!stands) felledAt[i] = Math.min(felledAt[i] ?? Infinity, k);
        });
        accuracy.push(share(standing));
      } finally {
        step.dispose();
      }
      done++;
    }
    attacks.push({ attack: attack.id, title: attack.title, accuracy });
  }
  const worst = eps.map((_, k) => share(felledAt.map((at) => at > k)));
  return { norm, images, clean: share(clean), eps, attacks, worst };
}

const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;
