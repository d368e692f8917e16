/**
 * Whether generated images lie where real ones are, and the reverse, by balls to the k-th nearest neighbour: improved precision and
 * recall (Kynkäänniemi et al. 2019, eq. 1 and 2; k = 3), density and coverage (Naeem et al. 2020, eq. 4 and 5; k = 5).
 */
import { AppError } from '../../lib/errors';
import { type Features, type Pace, share } from './features';
import { type Centred, centred, eachProduct } from './pairs';

export interface Manifolds {
  /** Generated images inside a ball of real ones; real images inside a ball of generated ones. */
  readonly precision: number;
  readonly recall: number;
  /** Balls of real images that a generated one lies in, over k: above 1 where they crowd; balls of real ones that have any inside. */
  readonly density: number;
  readonly coverage: number;
  /** k of precision and recall, and of density and coverage. */
  readonly neighbours: readonly [number, number];
}

/** @throws AppError BAD_DATA for sets with no more images than k, or features that cannot be compared; CANCELLED by the pace. */
export async function manifolds(
  generated: Features,
  real: Features,
  pace: Pace,
  neighbours: readonly [number, number] = [3, 5],
): Promise<Manifolds> {
  const most = Math.max(...neighbours);
  if (Math.min(generated.n, real.n) <= most)
    throw new AppError(
      'BAD_DATA',
      `${Math.min(generated.n, real.n)} images have no ${most} neighbours each.`,
      `Give at least ${most + 1}.`,
    );
  const [x, y] = centred(generated, real);
  const [radiiX] = await squaredRadii(x, [neighbours[0]], share(pace, 0, 1 / 3));
  const [radiiY, wideY] = await squaredRadii(y, neighbours, share(pace, 1 / 3, 2 / 3));
  const [inside, reached, covered] = [new Uint8Array(x.n), new Uint8Array(y.n), new Uint8Array(y.n)];
  let crowd = 0;
  await eachProduct(x, y, share(pace, 2 / 3, 1), (products, from, to) => {
    for (let i = from; i < to; i++)
      for (let j = 0; j < y.n; j++) {
        const square = squaredDistance(x, i, y, j, products[(i - from) * y.n + j]);
        if (square <= (radiiY?.[j] ?? NaN)) inside[i] = 1;
        if (square <= (radiiX?.[i] ?? NaN)) reached[j] = 1;
        if (square < (wideY?.[j] ?? NaN)) {
          crowd++;
          covered[j] = 1;
        }
      }
  });
  const fraction = (of: Uint8Array) => of.reduce((sum, one) => sum + one, 0) / of.length;
  return {
    precision: fraction(inside),
    recall: fraction(reached),
    density: crowd / (neighbours[1] * x.n),
    coverage: fraction(covered),
    neighbours,
  };
}

const squaredDistance = (x: Centred, i: number, y: Centred, j: number, product = 0): number =>
  Math.max(0, (x.squares[i] ?? 0) + (y.squares[j] ?? 0) - 2 * product);

/** The squared distance of each row to its k-th nearest other row, for each k. */
async function squaredRadii(x: Centred, neighbours: readonly number[], pace: Pace): Promise<Float64Array[]> {
  const radii = neighbours.map(() => new Float64Array(x.n));
  const nearest = new Float64Array(Math.max(...neighbours));
  await eachProduct(x, x, pace, (products, from, to) => {
    for (let i = from; i < to; i++) {
      nearest.fill(Infinity);
      for (let j = 0; j < x.n; j++) {
        if (j === i) continue;
        const square = squaredDistance(x, i, x, j, products[(i - from) * x.n + j]);
        if (square < (nearest[nearest.length - 1] ?? 0)) insert(nearest, square);
      }
      neighbours.forEach((k, at) => (radii[at] ?? nearest).set([nearest[k - 1] ?? NaN], i));
    }
  });
  return radii;
}

/** Puts a value into its place among ascending ones; the last falls out. */
function insert(ascending: Float64Array, value: number): void {
  let at = ascending.length - 1;
  for (; at > 0 && (ascending[at - 1] ?? 0) > value; at--) ascending[at] = ascending[at - 1] ?? 0;
  ascending[at] = value;
}
