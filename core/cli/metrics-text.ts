/** The result of `lowland metrics` in words. */
import type { FrechetRow, GenerationResult } from '../metrics/generation/measure';
import { textTable } from './table';

const whole = (n: number): string => n.toLocaleString('en');
const short = (value: number): string => value.toPrecision(5);

export function metricsText(result: GenerationResult, statistics: string): string {
  const { images, reference, features, titles, score, frechet, kernel, manifolds } = result;
  const against = reference ? ` against ${reference.name}` : '';
  const rows: [string, string, string][] = [];
  if (score) rows.push([titles.score, short(score.mean), `± ${score.std.toFixed(3)} over ${score.splits} parts`]);
  for (const row of frechet ?? []) rows.push([titles.frechet, short(row.value), sizes(row)]);
  if (kernel)
    rows.push([
      titles.kernel,
      short(kernel.mean),
      `± ${kernel.std.toFixed(5)} over ${kernel.subsets} subsets of ${whole(kernel.subsetSize)}`,
    ]);
  if (manifolds) {
    const { neighbours, images: own, referenceImages: real } = manifolds;
    const of = (k: number) => `k = ${k}, ${whole(own)} and ${whole(real)} images`;
    rows.push(['precision', short(manifolds.precision), of(neighbours[0])]);
    rows.push(['recall', short(manifolds.recall), of(neighbours[0])]);
    rows.push(['density', short(manifolds.density), of(neighbours[1])]);
    rows.push(['coverage', short(manifolds.coverage), of(neighbours[1])]);
  }
  return [
    `${images.name}: ${whole(images.images)} images${against}, by ${whole(features.dimensions)} features of ${features.name}`,
    ...(rows.length > 0 ? [textTable(['measure', 'value', 'of'], rows)] : []),
    ...result.cautions,
    ...(statistics ? [statistics] : []),
  ].join('\n');
}

const sizes = ({ images, referenceImages }: FrechetRow): string =>
  `${whole(images)} images${referenceImages === null ? '' : ` and ${whole(referenceImages)}`}`;
