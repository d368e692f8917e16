/** The work of `lowland metrics distances`. */
import path from 'node:path';
import { histogramFigure } from '../figures/histogram';
import { distanceData } from '../figures/judged';
import { AppError } from '../lib/errors';
import { type DistanceResult, measureDistances } from '../metrics/measure-distances';
import type { CommandContext, CommandResult } from './command';
import type { DistanceFlags } from './distances';
import { measurePlan, splitNamed, writeFigures } from './measured';
import { datasetFor, withModels } from './open-models';
import { provenanceOf } from './provenance';
import { textTable } from './table';

export function runDistances(name: string, flags: DistanceFlags, context: CommandContext): Promise<CommandResult> {
  const split = splitNamed(flags.split);
  const attacks = flags.attacks
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  if (attacks.length === 0) throw new AppError('BAD_OPTION', 'No attack is named.', 'Name one with --attacks.');
  return withModels([name], context, async (engine, [model]) => {
    const data = await datasetFor(model, flags.data, context);
    const results: DistanceResult[] = [];
    for (const attack of attacks) {
      const plan = { ...measurePlan(flags, context, attack), attack, given: context.set };
      results.push(await measureDistances(engine, model.classifier, data.splits[split], plan));
    }
    const images = results[0]?.images ?? 0;
    const about = { model: model.name, data: data.id, split, images, attacks, seed: context.seed, set: context.set };
    const svg = () => histogramFigure(distanceData(model.name, results, provenanceOf(about)), 'light');
    const figures = context.out ? { figures: await writeFigures(path.resolve(context.out), [{ svg: svg() }]) } : {};
    const rows = results.map(({ attack, wrong, found, notFound, median, mean, quantiles }) => [
      attack,
      ...[wrong, found, notFound].map(String),
      ...[mean, median, ...[0.05, 0.95].map((at) => quantiles.find(({ share }) => share === at)?.distance)].map(size),
    ]);
    // what JSON cannot hold, an infinite distance, becomes null
    return {
      json: { ...about, engine: engine.id, results, ...figures },
      text: [
        `${model.name} on ${images} ${split} images of ${data.id}, ${results[0]?.norm ?? ''} distances, pixels in [0,1]`,
        textTable(['attack', 'wrong anyway', 'found', 'not found', 'mean', 'median', '5 %', '95 %'], rows),
      ].join('\n'),
    };
  });
}

const size = (distance: number | null | undefined): string =>
  distance === null || distance === undefined ? '–' : distance.toPrecision(3);
