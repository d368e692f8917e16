/** Which cases a bench times, as data: both our worker and PyTorch's get them as they are. */
import type { EngineId, Precision } from '../../core/engine/engine';
import { objectiveRegistry } from '../../core/objectives/registry';
import { benchNet, forwardGflop } from './nets';

/**
 * 'step' is a training step of an objective with SGD, 'sgld' 20 steps of chains, 'pgd' an evaluation under PGD, 'plane' energies on
 * 101 x 101 points, 'data' a batch from the disk's form to the engine's, 'start' a fresh process with its engine open, 'peak' a
 * product of large matrices, 'autoattack' AutoAttack on the images of a file, a batch a round.
 */
export const caseKinds = ['step', 'sgld', 'pgd', 'plane', 'data', 'start', 'peak', 'autoattack'] as const;
export type CaseKind = (typeof caseKinds)[number];

export interface BenchCase {
  readonly name: string;
  readonly kind: CaseKind;
  readonly engine: EngineId;
  readonly precision: Precision;
  readonly model: string;
  readonly batch: number;
  /** Of a step. */
  readonly objective?: string;
  /** Of the attack, in the step or alone; of the sampler. */
  readonly attackSteps: number;
  readonly sgldSteps: number;
  /** Chains that a step moves. */
  readonly chains: number;
  /** Of AutoAttack. */
  readonly judged?: Judged;
}

/** A published net under AutoAttack. */
export interface Judged {
  /** A file of PyTorch weights; '' where they follow a formula that both sides know. */
  readonly weights: string;
  /** A file of whole batches: for each image its label, then its pixels, [h, w, c] bytes. */
  readonly images: string;
  /** Radius in linf. */
  readonly eps: number;
  /** Steps of APGD-CE, and it alone: how a side's ways are told apart; 0 is the whole of AutoAttack. */
  readonly trial: number;
}

export interface PlanOptions {
  readonly engines: readonly EngineId[];
  readonly precisions: readonly Precision[];
  readonly models: readonly string[];
  readonly batches: readonly number[];
  readonly quick: boolean;
  readonly against: boolean;
  /** Parts of names of cases, of which only those are kept. */
  readonly cases?: readonly string[];
}

/** Steps of the attack and of SGLD inside a timed step, and chains; what an objective does not have is 0. */
const inside: Readonly<Record<string, { attackSteps: number; sgldSteps?: number; chains?: number }>> = {
  natural: { attackSteps: 0 },
  noise: { attackSteps: 0 },
  'fgsm-rs': { attackSteps: 1 },
  prejeat: { attackSteps: 5 },
  'pgd-at': { attackSteps: 5 },
  jeat: { attackSteps: 1, sgldSteps: 20, chains: 32 },
};
/** The same on both sides. */
export const usualPrecisions: readonly Precision[] = ['float32', 'bfloat16'];
/** What PyTorch's side has too. */
const compared = ['natural', 'pgd-at', 'jeat'];
export const PLANE_RESOLUTION = 101;
const SAMPLES = 100;
/** Nets that are timed at this batch alone: a larger one takes a minute a step on a processor. */
const large = ['wrn-28-10', 'resnet-18'];
const LARGE_BATCH = 16;

type Shared = Pick<BenchCase, 'engine' | 'precision' | 'model'>;
const nothing = { attackSteps: 0, sgldSteps: 0, chains: 0 };

export const stepCase = (shared: Shared, objective: string, batch: number): BenchCase => ({
  ...shared,
  ...nothing,
  ...inside[objective],
  name: `step ${objective}`,
  kind: 'step',
  objective,
  batch,
});
/** The PGD-AT step with a shorter and a longer attack. */
const attackCases = (shared: Shared, batch: number): BenchCase[] =>
  [1, 20].map((attackSteps) => ({ ...stepCase(shared, 'pgd-at', batch), name: `step pgd-at, PGD-${attackSteps}`, attackSteps })); // prettier-ignore
const sgldCase = (shared: Shared): BenchCase => ({ ...shared, ...nothing, name: 'sgld-20', kind: 'sgld', batch: SAMPLES, sgldSteps: 20 }); // prettier-ignore
const pgdCase = (shared: Shared, batch: number): BenchCase => ({ ...shared, ...nothing, name: 'pgd-20 evaluation', kind: 'pgd', batch, attackSteps: 20 }); // prettier-ignore
const otherCase = (shared: Shared, kind: CaseKind, name: string, batch: number): BenchCase => ({ ...shared, ...nothing, name, kind, batch }); // prettier-ignore

/** The cases, those of one engine and precision together, the matrix product that finds their peak before them. */
export function planCases(options: PlanOptions): BenchCase[] {
  const { engines, precisions, quick, against, cases: wanted } = options;
  const all = engines.flatMap((engine) =>
    precisions.flatMap((precision, i) => {
      const shared = { engine, precision };
      const plain = { ...shared, model: '-' };
      const once = quick || i > 0 ? [] : [otherCase(plain, 'start', 'start-up', 1), otherCase(plain, 'data', 'data loading', 128)]; // prettier-ignore
      const cases = quick && against ? quickCases(options, shared) : fullCases(options, shared);
      return [otherCase(plain, 'peak', 'peak', 1), ...once, ...cases];
    }),
  );
  return wanted ? all.filter(({ kind, name }) => kind === 'peak' || wanted.some((part) => name.includes(part))) : all;
}

function quickCases({ models, batches }: PlanOptions, shared: Pick<Shared, 'engine' | 'precision'>): BenchCase[] {
  const wrn = { ...shared, model: 'wrn-16-2' };
  const steps = batches.filter((batch) => batch === 64 || (batch === 8 && shared.precision === 'float32'));
  return [
    ...steps.map((batch) => stepCase(wrn, 'pgd-at', batch)),
    stepCase(wrn, 'jeat', 64),
    sgldCase(wrn),
    ...(shared.precision === 'float32' ? [stepCase({ ...shared, model: 'convnet' }, 'jeat', 64)] : []),
  ].filter(({ model }) => models.includes(model));
}

function fullCases(
  { models, batches, quick, against }: PlanOptions,
  shared: Pick<Shared, 'engine' | 'precision'>,
): BenchCase[] {
  const middle = batches.includes(64) ? 64 : (batches.at(-1) ?? 64);
  return models.flatMap((model): BenchCase[] => {
    const net = { ...shared, model };
    if (large.includes(model)) return [stepCase(net, 'pgd-at', LARGE_BATCH)];
    if (quick) return [stepCase(net, 'pgd-at', middle), stepCase(net, 'jeat', middle), sgldCase(net)];
    if (model !== 'convnet' && model !== 'wrn-16-2') return [stepCase(net, 'pgd-at', middle)];
    const objectives = model === 'convnet' && !against ? objectiveRegistry.ids : compared;
    return [
      ...batches.map((batch) => stepCase(net, 'pgd-at', batch)),
      ...(model === 'wrn-16-2' && against ? attackCases(net, middle) : []),
      ...objectives.filter((id) => id !== 'pgd-at').map((id) => stepCase(net, id, middle)),
      sgldCase(net),
      pgdCase(net, middle),
      ...(model === 'wrn-16-2' ? [otherCase(net, 'plane', 'energy plane', PLANE_RESOLUTION ** 2)] : []),
    ];
  });
}

/** Whether PyTorch's side has the case. */
export const hasReference = ({ kind, objective, precision }: BenchCase): boolean =>
  usualPrecisions.includes(precision) &&
  (kind === 'sgld' || kind === 'pgd' || (kind === 'step' && compared.includes(objective ?? '')));

/** Side of the square matrices whose product finds an engine's peak: large for a fast one, a second's work for the others. */
export const peakSize = (engine: EngineId): number =>
  ({ tensorflow: 2048, webgpu: 1024, wasm: 1024, cpu: 192 })[engine];

/** GFLOP of a case: forward is one pass, a gradient in x a second, one in the weights a third; undefined where that is not the cost. */
export function gflop(each: BenchCase): number | undefined {
  if (each.kind === 'peak') return (2 * peakSize(each.engine) ** 3) / 1e9;
  if (each.kind === 'data' || each.kind === 'start' || each.kind === 'autoattack') return undefined;
  const image = forwardGflop(benchNet(each.model));
  const { batch, attackSteps, sgldSteps, chains } = each;
  if (each.kind === 'plane') return image * batch;
  if (each.kind === 'sgld') return image * batch * 2 * sgldSteps;
  if (each.kind === 'pgd') return image * batch * (2 * attackSteps + 2);
  return image * (batch * (2 * attackSteps + 3) + chains * (2 * sgldSteps + 3));
}
