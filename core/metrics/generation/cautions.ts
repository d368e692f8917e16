/** What a reader must know before comparing measures of generation with others: biases of few images, smaller subsets. */
import type { GenerationResult } from './measure';

/** Of so many the FID is usually taken (Heusel et al. 2017). */
const usual = 50_000;

const whole = (n: number): string => n.toLocaleString('en');

export function cautions(
  { features, images, reference, titles, score, frechet, kernel, manifolds }: Omit<GenerationResult, 'cautions'>,
  splits: number,
): string[] {
  const found: string[] = [];
  const { images: n } = images;
  if (!score) found.push(`${whole(n)} images are too few for the ${titles.score} in ${splits} parts.`);
  else if (n < usual)
    found.push(
      `The ${titles.score} of ${whole(n)} images is lower than that of ${whole(usual)}: each part of ${whole(Math.floor(n / splits))} sees less of the variety.`,
    );
  if (frechet && n < usual)
    found.push(
      `${titles.frechet} is biased upward by few images (Chong & Forsyth 2020): compare ${whole(n)} only with as many, not with ${whole(usual)}.`,
    );
  for (const [count, name] of [
    [n, images.name],
    [reference?.images ?? Infinity, reference?.name ?? ''],
  ] as const)
    if (frechet && count <= features.dimensions)
      found.push(
        `${whole(count)} images of ${name} give a covariance of rank ${whole(count - 1)} at most, for ${whole(features.dimensions)} features: most of the distance may come from there being so few.`,
      );
  if (frechet && reference?.images === null)
    found.push(`'${reference.name}' says neither of how many images nor in which features it was made.`);
  if (kernel && kernel.subsetSize !== 1000)
    found.push(
      `The ${titles.kernel} is taken over subsets of ${whole(kernel.subsetSize)} images; the usual size is 1,000.`,
    );
  if (manifolds && (manifolds.images < 10_000 || manifolds.referenceImages < 10_000))
    found.push(
      'Precision, recall, density and coverage depend on the numbers of images: compare them only at the same.',
    );
  return found;
}
