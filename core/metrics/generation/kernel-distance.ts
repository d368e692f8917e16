/**
 * The Kernel Inception Distance (Bińkowski et al. 2018, eq. 4): the unbiased squared MMD with the kernel (x.y / d + 1)^3, over random
 * subsets of both sets; torch-fidelity's subsets under its seed.
 */
import { AppError } from '../../lib/errors';
import { type Features, type Pace, share } from './features';
import { meanAndDeviation } from './inception-score';
import { RandomState } from './mersenne';
import { type Centred, centred, eachProduct, rowsOf } from './pairs';

export interface KernelDistance {
  /** Over the subsets. */
  readonly mean: number;
  readonly std: number;
  readonly subsets: number;
  readonly subsetSize: number;
}

export interface KernelOptions {
  readonly subsets?: number;
  readonly subsetSize?: number;
  readonly seed?: number;
}

/** @throws AppError BAD_DATA for subsets larger than a set, or features that cannot be compared; CANCELLED by the pace. */
export async function kernelDistance(
  a: Features,
  b: Features,
  { subsets = 100, subsetSize = 1000, seed = 2020 }: KernelOptions,
  pace: Pace,
): Promise<KernelDistance> {
  if (subsetSize < 2 || subsetSize > Math.min(a.n, b.n))
    throw new AppError(
      'BAD_DATA',
      `Subsets of ${subsetSize} images cannot be drawn from ${a.n} and ${b.n}.`,
      'Give more images, or take smaller subsets of at least 2.',
    );
  const [x, y] = centred(a, b);
  const random = new RandomState(seed);
  const found: number[] = [];
  for (let i = 0; i < subsets; i++) {
    const part = share(pace, i / subsets, (i + 1) / subsets);
    const [own, other] = [rowsOf(x, random.choice(a.n, subsetSize)), rowsOf(y, random.choice(b.n, subsetSize))];
    const within = (await kernelSum(own, own, part)) + (await kernelSum(other, other, part));
    const between = await kernelSum(own, other, part);
    found.push(within / (subsetSize * (subsetSize - 1)) - (2 * between) / subsetSize ** 2);
    await part(1);
  }
  return { ...meanAndDeviation(found), subsets, subsetSize };
}

/** The kernel over all pairs; of a set with itself over all but the diagonal. */
async function kernelSum(a: Centred, b: Centred, pace: Pace): Promise<number> {
  let sum = 0;
  await eachProduct(
    a,
    b,
    () => pace(0),
    (products, from, to) => {
      for (let i = from; i < to; i++) {
        const shift = a.shifts[i] ?? 0;
        for (let j = 0; j < b.n; j++) {
          if (a === b && i === j) continue;
          const value = ((products[(i - from) * b.n + j] ?? 0) + shift + (b.shifts[j] ?? 0)) / a.d + 1;
          sum += value * value * value;
        }
      }
    },
  );
  return sum;
}
