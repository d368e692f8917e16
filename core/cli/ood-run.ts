/** The work of `lowland metrics ood`. */
import path from 'node:path';
import type { ImageShape, Split } from '../data/dataset';
import { loadDataset } from '../data/load';
import { histogramFigure } from '../figures/histogram';
import { scoreData } from '../figures/judged';
import { AppError } from '../lib/errors';
import { type ImageSource, type Scores, measureOod, scoreIds, scoreTitles } from '../metrics/ood';
import { type SyntheticId, splitSource, syntheticSource } from '../metrics/ood-sources';
import type { CommandContext, CommandResult } from './command';
import { measurePlan, percent, splitNamed, writeFigures } from './measured';
import type { OodFlags } from './ood';
import { datasetFor, withModels } from './open-models';
import { provenanceOf } from './provenance';
import { textTable } from './table';

const synthetic: Readonly<Record<string, SyntheticId>> = {
  uniform: 'uniform noise',
  gaussian: 'gaussian noise',
  interpolations: 'interpolations',
  constant: 'constant colours',
};

interface Other {
  readonly source: ImageSource;
  /** What was done to images of another shape. */
  readonly adapted?: string;
}

export function runOod(name: string, flags: OodFlags, context: CommandContext): Promise<CommandResult> {
  const splitName = splitNamed(flags.split);
  const asked = [...new Set(flags.against.split(',').map((each) => each.trim()))].filter(Boolean);
  if (asked.length === 0)
    throw new AppError('BAD_OPTION', 'There is nothing to compare with.', 'Name noise or datasets with --against.');
  return withModels([name], context, async (engine, [model]) => {
    const data = await datasetFor(model, flags.data, context);
    const split = data.splits[splitName];
    const images = Math.min(flags.n, split.size);
    const own = splitSource(data.id, split, images);
    const others: Other[] = [];
    for (const each of asked) others.push(await otherImages(each, split, { images, splitName, own: data.id }, context));
    const { batch, compile, signal } = measurePlan(flags, context, 'ood');
    const sets: { name: string; scores: Scores }[] = [];
    const results = await measureOod(
      engine,
      model.classifier,
      own,
      others.map(({ source }) => source),
      {
        batch,
        compile: compile ?? {},
        signal,
        tell: (task, done, total) => context.progress.update(task, done, total, 'images'),
        scored: (set, scores) => sets.push({ name: set, scores }),
      },
    );
    const about = { model: model.name, data: data.id, split: splitName, images, seed: context.seed };
    const against = results.map((result, i) => ({
      ...result,
      ...(others[i]?.adapted ? { adapted: others[i].adapted } : {}),
    }));
    const figures = context.out
      ? { figures: await writeFigures(path.resolve(context.out), scoreFigures(model.name, sets, about)) }
      : {};
    const rows = results.flatMap(({ against: other, scores }) =>
      scoreIds.map((id) => {
        const { auroc, aupr, auprReversed, fprAt95 } = scores[id];
        return [other, scoreTitles[id], ...[auroc, aupr, auprReversed, fprAt95].map(percent)];
      }),
    );
    const notes = others.flatMap(({ source, adapted }) => (adapted ? [`${source.name}: ${adapted}.`] : []));
    return {
      json: { ...about, engine: engine.id, against, ...figures },
      text: [
        `${model.name}: ${images} ${splitName} images of ${data.id} against others`,
        textTable(['against', 'score', 'AUROC', 'AUPR (own)', 'AUPR (other)', 'FPR at 95 % TPR'], rows),
        ...notes,
      ].join('\n'),
    };
  });
}

async function otherImages(
  asked: string,
  own: Split,
  { images, splitName, own: ownId }: { images: number; splitName: 'train' | 'validation' | 'test'; own: string },
  { dataFolder, seed }: CommandContext,
): Promise<Other> {
  const kind = Object.hasOwn(synthetic, asked) ? synthetic[asked] : undefined;
  if (kind) return { source: syntheticSource(kind, own, images, seed) };
  if (asked === ownId)
    throw new AppError(
      'BAD_OPTION',
      `'${asked}' is what the model is measured on.`,
      'Name another dataset with --against.',
    );
  const data = await loadDataset(asked, { dataFolder });
  const adapted = adaptation(data.shape, own.shape);
  const source = splitSource(asked, data.splits[splitName], images, own.shape);
  return { source, ...(adapted ? { adapted } : {}) };
}

/** What makes one shape of another, in words; empty where they are the same. */
function adaptation([h, w, c]: ImageShape, [height, width, channels]: ImageShape): string {
  const said = [
    ...(h === height && w === width ? [] : [`${h}x${w} pixels interpolated to ${height}x${width}`]),
    ...(c === channels ? [] : [c === 1 ? `grey repeated in ${channels} channels` : `${c} channels averaged`]),
  ];
  return said.join(', ');
}

function scoreFigures(model: string, sets: readonly { name: string; scores: Scores }[], about: object) {
  const provenance = provenanceOf(about);
  return scoreIds.map((id, i) => {
    const [own, ...rest] = sets.map(({ name, scores }) => ({ name, values: scores[id] }));
    const data = scoreData(scoreTitles[id], own ?? { name: '', values: [] }, rest, { title: model, provenance });
    return { ...(i > 0 ? { name: id } : {}), svg: histogramFigure(data, 'light') };
  });
}
