/** The demo's pictures and numbers: attack and samples of the net just trained, energy panels and descents of the pretrained ones. */
import { budgetedOptions } from '../attacks/budgets';
import { pgd } from '../attacks/pgd';
import type { Dataset } from '../data/dataset';
import type { Engine } from '../engine/engine';
import { type DescentModel, descentFigure } from '../figures/descent';
import { gridPng } from '../figures/png';
import { key } from '../lib/key';
import { watched } from '../lib/watched';
import { type AttackedBatch, attackedBatches, compileRobustness, robustnessOf } from '../metrics/robustness';
import { type LoadedModel, findModel, listModels } from '../models/library';
import { type Classifier, type Model, type Weights, classifier } from '../models/model';
import type { Run } from '../runs/store';
import { walkFromNoise } from '../sampling/from-noise';
import { classOrdered } from '../sampling/generate';
import { type SurfaceQuestion, studySurface } from '../surface/study';
import type { TrainConfiguration } from '../training/configuration';
import type { CommandContext } from './command';
import { type NamedModel, titled } from './model-titles';
import { type NamedSurface, surfaceSvg } from './surface-figure';

export interface DemoParts {
  readonly run: Run;
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly context: CommandContext;
  readonly configuration: TrainConfiguration;
}

type Provenance = Readonly<Record<string, string>>;
const attacked = 500;
/** The test image round which the pretrained energies are drawn. */
const image = 7;

/** Clean and PGD-20 accuracy of the trained net on test images. */
export async function attackTrained(
  { engine, dataset, context, configuration }: DemoParts,
  own: { model: Model; weights: Weights },
) {
  const eps = configuration.training.evaluationEps;
  const options = budgetedOptions(pgd, { eps, steps: 20 }, dataset.shape[2]);
  const step = compileRobustness(engine, classifier(own.model, own.weights), { attack: pgd, options }, { calls: 4 });
  const plan = { images: attacked, batch: attacked / 4, signal: context.signal };
  const batches = attackedBatches(step, dataset.splits.test, plan, key(context.seed, 'demo/attack'));
  const tell = ({ from, count }: AttackedBatch) =>
    context.progress.update('attacking', from + count, attacked, 'images');
  return robustnessOf(watched(batches, tell)).finally(() => step.dispose());
}

/** Chains of these classes from the demo's noise, the same for every model. */
const descend = (parts: DemoParts, model: Classifier, labels: Int32Array, more: { trajectory?: number } = {}) => {
  const { engine, dataset, context } = parts;
  const walk = { split: dataset.splits.train, labels, seed: context.seed, signal: context.signal, ...more };
  return walkFromNoise(model, engine, walk);
};

/** 64 images in class order. */
export async function sampleTrained(
  parts: DemoParts,
  own: { model: Model; weights: Weights },
  provenance: Provenance,
): Promise<Uint8Array> {
  const { model, weights } = own;
  const { images } = await descend(parts, classifier(model, weights), classOrdered(64, model.classes));
  const about = { ...provenance, what: '64 samples in class order, by descending E(x,y) from uniform noise' };
  return gridPng(images, 64, model.inputShape, { columns: 8, scale: 3, gap: 2, provenance: about });
}

/** The pretrained nets of these names that fit the dataset, opened one at a time. */
async function withPretrained(
  parts: DemoParts,
  names: readonly string[],
  use: (model: LoadedModel & NamedModel) => Promise<void>,
): Promise<void> {
  const known = (await listModels(parts.context.dataFolder)).map(({ name }) => name);
  for (const name of names.filter((each) => known.includes(`fashion/${each}`))) {
    const loaded = await findModel(`fashion/${name}`, parts.context.dataFolder);
    try {
      if (loaded.model.inputShape.join() === parts.dataset.shape.join())
        await use({ ...loaded, name, objective: loaded.card.objective });
    } finally {
      for (const tensor of Object.values(loaded.weights)) tensor.dispose();
    }
  }
}

/** Contour panels of the pretrained nets; undefined where none fits. */
export async function drawPanels(parts: DemoParts, provenance: Provenance): Promise<string | undefined> {
  const { engine, dataset, context } = parts;
  const { seed, signal } = context;
  const question: SurfaceQuestion = {
    image,
    norm: 'linf',
    eps: 0.1,
    range: 0.3,
    resolution: 21,
    directions: 'random',
    flatnessImages: 16,
    seed,
    signal,
  };
  const surfaces: NamedSurface[] = [];
  await withPretrained(parts, ['natural', 'at', 'prejeat', 'jeat'], async ({ name, objective, model, weights }) => {
    surfaces.push({
      name,
      objective,
      study: await studySurface(classifier(model, weights), dataset.splits.test, question, engine),
    });
    context.progress.update('drawing energies', surfaces.length, 4, 'models', name);
  });
  if (surfaces.length === 0) return undefined;
  const label = dataset.classes[dataset.splits.test.labels[image] ?? 0] ?? '';
  return surfaceSvg(
    surfaces,
    'joint',
    { data: dataset.id, image, label, norm: 'linf', shape: dataset.shape, range: question.range, directions: 'random' },
    provenance,
  );
}

/** The same noise down the energies of natural, AT and JEAT; undefined where none fits. */
export async function walkNoise(parts: DemoParts, provenance: Provenance): Promise<string | undefined> {
  const { dataset, context } = parts;
  const models: (NamedModel & Pick<DescentModel, 'frames'>)[] = [];
  await withPretrained(parts, ['natural', 'at', 'jeat'], async ({ name, objective, model, weights }) => {
    const labels = classOrdered(model.classes, model.classes);
    const { frames } = await descend(parts, classifier(model, weights), labels, { trajectory: 15 });
    models.push({ name, objective, frames: frames.map(({ step, x }) => ({ step, images: x })) });
    context.progress.update('walking noise down', models.length, 3, 'models', name);
  });
  if (models.length === 0) return undefined;
  const title = 'The same noise walked down three energies';
  const caption = 'Each row a class, each column a step of x ← x − 0.4 g / |g| on E(x,y), g its gradient in x.';
  return descentFigure(
    {
      title,
      caption,
      models: titled(models).map(({ title: label, objective, frames }) => ({ label, method: objective, frames })),
      shape: dataset.shape,
      classes: dataset.classes,
      rows: 'classes',
      provenance,
    },
    'light',
  );
}
