/** What a suite measures, section by section: each is one of the commands that measure a model, with the suite's images and files. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type SuiteId, suiteIds } from '../contract/areas/suites';
import type { JsonObject } from '../lib/json';
import type { CommandContext, CommandResult } from './command';

export interface SuitePlan {
  readonly suite: SuiteId;
  /** As the user names it. */
  readonly model: string;
  /** How many the model tells apart. */
  readonly classes: number;
  readonly data: string;
  readonly split: string;
  readonly images: number;
  readonly batch: number;
  /** '' for the customary one. */
  readonly eps: string;
  readonly norm: 'linf' | 'l2';
}

export interface Section {
  readonly id: SectionId;
  readonly title: string;
  /** Of suites from this one on. */
  readonly from: SuiteId;
  /** Writes its figures at `out` with names of its own. */
  measure(plan: SuitePlan, folder: string, context: CommandContext): Promise<CommandResult>;
}
export const sectionIds = [
  'robustness',
  'curve',
  'calibration',
  'energies',
  'ood',
  'distances',
  'flatness',
  'generation',
] as const;
export type SectionId = (typeof sectionIds)[number];
/** Results as the commands print them, by section. */
export type Sections = Readonly<Partial<Record<SectionId, JsonObject>>>;

const at = (
  folder: string,
  name: string,
  context: CommandContext,
  set: CommandContext['set'] = {},
): CommandContext => ({
  ...context,
  out: path.join(folder, name),
  set,
});
const flagsOf = ({ data, split, batch, images }: SuitePlan, most = Infinity) => ({
  data,
  split,
  batch,
  n: Math.min(images, most),
});

export const sections: readonly Section[] = [
  {
    id: 'robustness',
    title: 'Robustness',
    from: 'quick',
    async measure(plan, folder, context) {
      const { runEvaluate } = await import('./evaluate-run');
      // the DLR loss is defined from three classes on
      const two = plan.classes > 2 ? 'apgd-ce,apgd-dlr' : 'apgd-ce';
      const attacks = plan.suite === 'quick' ? two : 'autoattack';
      const { norm, eps } = plan;
      const flags = { ...flagsOf(plan), attacks, version: 'standard', eps, norm, resume: true, shard: '' } as const;
      return runEvaluate(plan.model, flags, at(folder, 'robustness', context));
    },
  },
  {
    id: 'curve',
    title: 'Accuracy against eps',
    from: 'quick',
    async measure(plan, folder, context) {
      const { runCurve } = await import('./curve-run');
      const flags = { ...flagsOf(plan, 1000), attacks: 'pgd', eps: '', norm: plan.norm };
      return runCurve(plan.model, flags, at(folder, 'curve.svg', context, { steps: '20' }));
    },
  },
  {
    id: 'calibration',
    title: 'Calibration',
    from: 'quick',
    async measure(plan, folder, context) {
      const { runCalibration } = await import('./calibration-run');
      // costs one look at each image, and little of it is noise
      const flags = { ...flagsOf(plan), n: Math.max(plan.images, 1000) };
      return runCalibration(plan.model, flags, at(folder, 'reliability.svg', context));
    },
  },
  {
    id: 'energies',
    title: 'Energies under attack',
    from: 'quick',
    async measure(plan, folder, context) {
      const { runEnergies } = await import('./energies-run');
      const facts = plan.suite === 'quick' ? 'pgd,trades-kl,apgd-ce' : '';
      const flags = { ...flagsOf(plan, 500), eps: plan.norm === 'linf' ? plan.eps : '', facts };
      return runEnergies(plan.model, flags, at(folder, 'energies.svg', context));
    },
  },
  {
    id: 'ood',
    title: 'Images of another kind',
    from: 'quick',
    async measure(plan, folder, context) {
      const { runOod } = await import('./ood-run');
      const flags = { ...flagsOf(plan, 2000), against: 'uniform,gaussian,interpolations,constant' };
      return runOod(plan.model, flags, at(folder, 'ood.svg', context));
    },
  },
  {
    id: 'distances',
    title: 'Smallest perturbations',
    from: 'standard',
    async measure(plan, folder, context) {
      const { runDistances } = await import('./distances-run');
      const flags = { ...flagsOf(plan, 500), attacks: 'fab-t' };
      return runDistances(plan.model, flags, at(folder, 'distances.svg', context, { norm: plan.norm }));
    },
  },
  {
    id: 'flatness',
    title: 'Flatness of the energy',
    from: 'quick',
    async measure({ model, data, eps, norm, suite }, folder, context) {
      const { runSurface } = await import('./surface-run');
      const [resolution, flatnessN] = suite === 'quick' ? [21, 32] : [41, 64];
      const look = { image: 0, energy: 'joint', range: 0, directions: 'random' } as const;
      const flags = { models: model, data, eps, norm, resolution, flatnessN, ...look };
      return runSurface(flags, at(folder, 'surface.svg', context));
    },
  },
  {
    id: 'generation',
    title: 'Generated images',
    from: 'standard',
    measure: generated,
  },
];

/** Nets by whose features images are compared where Inception is not at hand: none of them is judged by its own. */
const judges: Readonly<Record<string, string>> = {
  'fashion-mnist': 'fashion/noise',
  'fashion-mnist-mini': 'fashion/noise',
  cifar10: 'cifar10/noise-small',
};

/** As many samples from noise as the suite has images, beside the training images. */
async function generated(plan: SuitePlan, folder: string, context: CommandContext): Promise<CommandResult> {
  const [{ runSample }, { runMetrics }, { inceptionFile }, { locateModel }, { datasetOf }] = await Promise.all([
    import('./sample-run'),
    import('./metrics-run'),
    import('../models/inception/store'),
    import('../models/library'),
    import('./suite-dataset'),
  ]);
  const dataset = plan.data || (await datasetOf(plan.model, context));
  const { name } = await locateModel(plan.model, context.dataFolder);
  const judge = existsSync(inceptionFile(context.dataFolder)) ? 'inception' : judges[dataset];
  if (judge === undefined || judge === name) {
    const why = `Inception is not here, and no other net for ${dataset}: generated images were not judged. 'lowland metrics fetch-inception' gets it.`;
    return { json: { skipped: why }, text: why };
  }
  const samples = path.join(folder, 'samples');
  const usual = { class: '', sampler: 'pgd-synthesis', start: 'uniform', steps: 0, conditional: true, batch: 64 };
  const flags = { ...usual, n: Math.min(plan.images, 10_000), data: plan.data, single: samples, trajectory: false };
  await runSample(plan.model, flags, at(folder, 'samples.png', context));
  return runMetrics(
    { images: samples, reference: dataset, features: judge, n: 10_000, batch: 16, writeStats: '' },
    { ...context, out: undefined, set: {} },
  );
}

export const sectionsOf = (suite: SuiteId): readonly Section[] =>
  sections.filter(({ from }) => suiteIds.indexOf(from) <= suiteIds.indexOf(suite));
