/**
 * The quality of a set of generated images beside real ones, in the features of one network: the score of the set itself, Fréchet and
 * kernel distance, precision and recall, density and coverage.
 */
import { AppError } from '../../lib/errors';
import { type Extracted, extract } from './extract';
import type { FeatureSpace } from './feature-space';
import { type Pace, firstRows, paced } from './features';
import { frechetDistance } from './frechet';
import type { ImageSet } from './image-set';
import { type InceptionScore, inceptionScore } from './inception-score';
import { type KernelDistance, kernelDistance } from './kernel-distance';
import { type Manifolds, manifolds } from './manifolds';
import { type Moments, momentsOf } from './moments';
import { cautions } from './cautions';

/** What images are compared with: other images, or the statistics of some. */
export type Reference = ImageSet | { readonly name: string; readonly moments: Moments };

export interface GenerationPlan {
  /** At most, of each set. */
  readonly images: number;
  readonly batch: number;
  /** Of the shuffle and of the subsets; torch-fidelity's is 2020. */
  readonly seed?: number;
  readonly splits?: number;
  readonly subsets?: number;
  readonly subsetSize?: number;
  /** Images of each set whose neighbours are looked for; their number goes with the square. */
  readonly neighbourhoods?: number;
  readonly signal?: AbortSignal;
  readonly tell?: (task: string, done: number, total: number, unit: string) => void;
}

/** The Fréchet distance of the first `images` generated ones from all of the reference. */
export interface FrechetRow {
  readonly images: number;
  /** Null where a statistics file does not say. */
  readonly referenceImages: number | null;
  readonly value: number;
  /** Of the covariances; below the number of features the distance is far above that of many images. */
  readonly ranks: readonly [number, number];
}

export interface GenerationResult {
  readonly features: { readonly name: string; readonly dimensions: number };
  readonly images: { readonly name: string; readonly images: number };
  readonly reference?: { readonly name: string; readonly images: number | null };
  readonly titles: FeatureSpace['titles'];
  readonly score?: InceptionScore;
  /** At 5,000, 10,000 and 50,000 images as far as there are so many, and at all. */
  readonly frechet?: readonly FrechetRow[];
  readonly kernel?: KernelDistance;
  readonly manifolds?: Manifolds & { readonly images: number; readonly referenceImages: number };
  /** What a reader must know before comparing these numbers with others: sentences. */
  readonly cautions: readonly string[];
  readonly seconds: { readonly features: number; readonly metrics: number };
}

export interface Measured {
  readonly result: GenerationResult;
  /** Of the generated images. */
  readonly moments: Moments;
}

const commonSizes = [5_000, 10_000, 50_000];

/**
 * Everything that images and reference allow, on the engine that is open.
 * @throws AppError BAD_DATA for fewer than two images or features that cannot be compared; what the sets throw; CANCELLED.
 */
export async function measureGeneration(
  { network, titles }: FeatureSpace,
  images: ImageSet,
  reference: Reference | undefined,
  plan: GenerationPlan,
): Promise<Measured> {
  const { seed = 2020, splits = 10, subsets = 100, neighbourhoods = 10_000 } = plan;
  const pace = (task: string, total = 100, unit = '%'): Pace =>
    paced(plan.signal, (done) => plan.tell?.(task, Math.round(done * total), total, unit));
  const began = performance.now();
  if (reference && 'moments' in reference && reference.moments.d !== network.dimensions)
    throw new AppError(
      'BAD_DATA',
      `The statistics of '${reference.name}' are of ${reference.moments.d} features; ${network.name} has ${network.dimensions}.`,
      'Name the features that they were made with by --features.',
    );
  const features = (set: ImageSet, task: string): Promise<Extracted> =>
    extract(network, set, plan, pace(task, Math.min(plan.images, set.size), 'images'));
  const own = await features(images, `Features of ${images.name}`);
  const real =
    reference && !('moments' in reference) ? await features(reference, `Features of ${reference.name}`) : undefined;
  const extracted = performance.now();

  const { n } = own.features;
  const score = n >= splits ? inceptionScore(own.logits, { splits, seed }) : undefined;
  const moments = await momentsOf(own.features, pace(`Covariance of ${images.name}`));
  const target =
    reference && 'moments' in reference
      ? reference.moments
      : real && (await momentsOf(real.features, pace(`Covariance of ${reference?.name ?? ''}`)));
  const frechet: FrechetRow[] = [];
  for (const size of target ? [...commonSizes.filter((common) => common < n), n] : []) {
    if (!target) break;
    const part =
      size === n ? moments : await momentsOf(firstRows(own.features, size), pace(`Covariance of ${size} images`));
    const { value, ranks } = await frechetDistance(part, target, pace(`${titles.frechet} of ${size} images`));
    frechet.push({ images: size, referenceImages: target.n ?? null, value, ranks });
  }
  const smaller = Math.min(n, real?.features.n ?? 0);
  const kernel =
    real &&
    (await kernelDistance(
      own.features,
      real.features,
      { subsets, seed, subsetSize: Math.min(plan.subsetSize ?? 1000, smaller) },
      pace(titles.kernel),
    ));
  const near = real && smaller > 5 ? await nearness(own, real, neighbourhoods, pace('Neighbours')) : undefined;
  const result: GenerationResult = {
    features: { name: network.name, dimensions: network.dimensions },
    images: { name: images.name, images: n },
    ...(reference && target ? { reference: { name: reference.name, images: target.n ?? null } } : {}),
    titles,
    ...(score ? { score } : {}),
    ...(frechet.length > 0 ? { frechet } : {}),
    ...(kernel ? { kernel } : {}),
    ...(near ? { manifolds: near } : {}),
    cautions: [],
    seconds: { features: (extracted - began) / 1000, metrics: (performance.now() - extracted) / 1000 },
  };
  return { result: { ...result, cautions: cautions(result, splits) }, moments };
}

async function nearness(own: Extracted, real: Extracted, most: number, pace: Pace) {
  const [x, y] = [firstRows(own.features, most), firstRows(real.features, most)];
  return { ...(await manifolds(x, y, pace)), images: x.n, referenceImages: y.n };
}
