/**
 * The Fréchet distance of two Gaussians (Dowson & Landau 1982; Heusel et al. 2017, eq. 6): |m1 - m2|^2 + tr(A + B - 2 (A B)^(1/2)).
 * With A = R^T R and B = S^T S the trace of the root is the sum of the singular values of R S^T. The factors end at their ranks, so
 * that covariances of few images cost no accuracy, and no root of a matrix is taken.
 */
import { AppError } from '../../lib/errors';
import { type Factor, pivotedCholesky } from './cholesky';
import { addProduct, mirror } from './dense';
import { type Pace, share } from './features';
import type { Moments } from './moments';
import { symmetricValues } from './symmetric-values';

export interface FrechetDistance {
  readonly value: number;
  /** Of the two covariances. */
  readonly ranks: readonly [number, number];
}

/** @throws AppError BAD_DATA for moments of different networks; CANCELLED by the pace. */
export async function frechetDistance(a: Moments, b: Moments, pace: Pace): Promise<FrechetDistance> {
  const { d } = a;
  if (d !== b.d) throw new AppError('BAD_DATA', `Statistics of ${d} and of ${b.d} features cannot be compared.`);
  const first = await pivotedCholesky(a.covariance, d, share(pace, 0, 0.1));
  const second = await pivotedCholesky(b.covariance, d, share(pace, 0.1, 0.2));
  const root = await rootTrace(first, second, d, share(pace, 0.2, 1));
  let value = -2 * root;
  for (let i = 0; i < d; i++) {
    value += (a.covariance[i * d + i] ?? 0) + (b.covariance[i * d + i] ?? 0);
    value += ((a.mean[i] ?? 0) - (b.mean[i] ?? 0)) ** 2;
  }
  return { value, ranks: [first.rank, second.rank] };
}

/** tr (A B)^(1/2), from the eigenvalues of (R S^T)(R S^T)^T on the side of the lower rank, where none need be zero. */
async function rootTrace(a: Factor, b: Factor, d: number, pace: Pace): Promise<number> {
  const [small, large] = a.rank <= b.rank ? [a, b] : [b, a];
  const [m, n] = [small.rank, large.rank];
  const product = new Float64Array(m * n);
  await addProduct({ values: product, at: 0, width: n }, small.values, large.values, [m, n, d], {
    pace: share(pace, 0, 0.4),
  });
  const square = new Float64Array(m * m);
  await addProduct({ values: square, at: 0, width: m }, product, product, [m, m, n], {
    upper: true,
    pace: share(pace, 0.4, 0.6),
  });
  mirror(square, m);
  const values = await symmetricValues(square, m, share(pace, 0.6, 1));
  return values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}
