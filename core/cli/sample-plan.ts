/** From the flags of `lowland sample` to what is generated, and to the words that every picture of it carries. */
import type { Split } from '../data/dataset';
import { AppError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { resolve } from '../lib/options';
import { type GenerationPlan, classOrdered } from '../sampling/generate';
import { recipeFor } from '../sampling/recipe';
import { samplerRegistry } from '../sampling/registry';
import { createStart, startIds } from '../sampling/starts';
import { type CommandContext, compileOptions } from './command';
import { type OpenModel, datasetFor } from './open-models';
import type { SampleFlags } from './sample';

/** The plan, and what identifies its images: the same words, the same bytes. */
export async function samplePlan(model: OpenModel, flags: SampleFlags, context: CommandContext) {
  const starts = startIds.filter((known) => known !== 'image');
  const startId = starts.find((known) => known === flags.start);
  if (!startId) throw unknownName('start', flags.start, starts);
  const sampler = samplerRegistry.get(flags.sampler);
  const shape = model.classifier.inputShape;
  if (shape[2] !== 1 && shape[2] !== 3)
    throw new AppError('BAD_OPTION', `'${model.name}' works on points, not on images; there is no picture of them.`);
  const recipe = recipeFor(sampler, startId, shape);
  const options = resolve(sampler.options, { ...recipe.options, ...context.set }, sampler.id);
  const steps = flags.steps || recipe.steps;
  const data = startId === 'uniform' ? undefined : await datasetFor(model, flags.data, context);
  const empty: Split = { shape, size: 0, labels: new Int32Array(), pixels: new Uint8Array() };
  const { n, batch: chunk, conditional } = flags;
  const seed = context.seed;
  const plan: GenerationPlan = {
    sampler,
    options,
    steps,
    seed,
    start: createStart(startId, data?.splits.train ?? empty, model.classifier.classes),
    labels: flags.class
      ? new Int32Array(n).fill(classOf(model, flags.class))
      : classOrdered(n, model.classifier.classes),
    conditional,
    chunk,
    signal: context.signal,
    compile: compileOptions(context),
    ...(flags.trajectory ? { trajectory: Math.ceil(steps / 10) } : {}),
  };
  const about = {
    model: model.name,
    seed,
    n,
    class: flags.class || 'all',
    sampler: sampler.id,
    options,
    steps,
    start: startId,
    ...(data ? { data: data.id } : {}),
    conditional,
    batch: chunk,
    ...(context.precision ? { precision: context.precision } : {}),
  };
  return { plan, about };
}

function classOf({ name, classes }: OpenModel, asked: string): number {
  const named = classes.findIndex((label) => label.toLowerCase() === asked.toLowerCase());
  const index = named >= 0 ? named : Number(asked);
  if (Number.isInteger(index) && index >= 0 && index < classes.length) return index;
  if (Number.isFinite(Number(asked)))
    throw new AppError('BAD_OPTION', `--class is ${asked}; '${name}' has classes 0 to ${classes.length - 1}.`);
  throw unknownName('class', asked, classes);
}
