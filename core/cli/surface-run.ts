/** The work of `lowland surface`: one plane for all models, their energies on it, their flatness, one figure and its data. */
import path from 'node:path';
import { budgetFor } from '../attacks/budgets';
import { toPng } from '../figures/svg-png';
import { writeAtomic } from '../lib/atomic';
import { AppError, throwIfCancelled } from '../lib/errors';
import { real, resolve } from '../lib/options';
import type { Flatness } from '../surface/flatness';
import { type SurfaceQuestion, studySurface } from '../surface/study';
import { type CommandContext, type CommandResult, compileOptions } from './command';
import { datasetFor, withModels } from './open-models';
import { provenanceOf } from './provenance';
import type { SurfaceFlags } from './surface';
import { type NamedSurface, surfaceCsv, surfaceSvg } from './surface-figure';

const radius = { eps: real(0, 'Radius of the ball, in [0,1] pixel units.', { min: 1e-6, max: 1000 }) };

/** Writes the figure (.svg or .png) and a .csv beside it. */
export function runSurface(flags: SurfaceFlags, context: CommandContext): Promise<CommandResult> {
  const [first, ...others] = flags.models.split(',').map((name) => name.trim());
  if (!first || others.includes(''))
    throw new AppError('BAD_OPTION', `--models is '${flags.models}'; it must name models, separated by commas.`);
  return withModels([first, ...others], context, async (engine, models) => {
    const data = await datasetFor(models[0], flags.data, context);
    const { test } = data.splits;
    const { image, norm, resolution, directions, flatnessN: flatnessImages } = flags;
    if (image >= test.size)
      throw new AppError('BAD_OPTION', `--image is ${image}; '${data.id}' has test images 0 to ${test.size - 1}.`);
    const usual = budgetFor(data.shape[2], norm);
    const { eps } = flags.eps ? resolve(radius, { eps: flags.eps }, 'surface', () => '--eps') : usual;
    const { seed, signal } = context;
    const range = flags.range || 3 * eps;
    const question: SurfaceQuestion = {
      image,
      norm,
      eps,
      range,
      resolution,
      directions,
      flatnessImages,
      seed,
      signal,
      compile: compileOptions(context),
    };
    const surfaces: NamedSurface[] = [];
    for (const model of models) {
      throwIfCancelled(signal);
      if (model !== models[0]) await datasetFor(model, data.id, context);
      const name = path.basename(model.name);
      surfaces.push({
        name,
        objective: model.card.objective,
        study: await studySurface(model.classifier, test, question, engine),
      });
      context.progress.update('Surfaces', surfaces.length, models.length, 'models', model.name);
    }
    const label = data.classes[test.labels[image] ?? 0] ?? '';
    const names = models.map(({ name }) => name);
    const about = {
      models: names,
      data: data.id,
      image,
      label,
      energy: flags.energy,
      norm,
      eps,
      range,
      resolution,
      directions,
      seed,
    };
    const provenance = provenanceOf({ ...about, engine: engine.id });
    const out = path.resolve(context.out ?? `energy-${data.id}-${image}.svg`);
    const svg = surfaceSvg(surfaces, flags.energy, { ...about, shape: data.shape }, provenance);
    await writeAtomic(out, out.endsWith('.png') ? await toPng(svg, { scale: 2, provenance }) : svg);
    const table = `${out.replace(/\.(svg|png)$/i, '')}.csv`;
    await writeAtomic(table, surfaceCsv(surfaces));
    const flatness = Object.fromEntries(surfaces.map(({ study }, i) => [names[i], study.flatness]));
    const text = [
      ...surfaces.flatMap(({ name, study }) => (study.flatness ? flatnessLine(name, study.flatness) : [])),
      out,
      table,
    ];
    return { json: { out, table, ...about, engine: engine.id, flatness }, text: text.join('\n') };
  });
}

function flatnessLine(name: string, { attacked, random, maxOverGap, gradientNorm, basinRadius }: Flatness): string {
  const parts = [
    `rise attacked ${attacked.mean.toFixed(3)}`,
    `random ${random.mean.toFixed(3)}`,
    `max/gap ${maxOverGap.toFixed(3)}`,
    `gradient ${gradientNorm.toFixed(3)}`,
    `basin ${basinRadius.toFixed(2)}`,
  ];
  return `${name.padEnd(20)} ${parts.join('   ')}`;
}
