/**
 * Cholesky factor with pivots of a positive semidefinite matrix, in blocks (Lucas 2004, LAPACK working note 161). It ends at the rank, so
 * that covariances of fewer images than features have a factor too.
 */
import { type Block, addProduct } from './dense';
import { type Pace, share } from './features';

export interface Factor {
  /** R [rank, n], row-major, with R^T R = A. */
  readonly values: Float64Array;
  readonly rank: number;
}

const block = 64;
/** What is left of a diagonal is rounding when it is this small beside the largest. */
const nothing = 8 * Number.EPSILON;

/** A is [n, n]; its upper triangle is read and left as it is. */
export async function pivotedCholesky(matrix: Float64Array, n: number, pace: Pace): Promise<Factor> {
  const a = matrix.slice();
  const r = new Float64Array(n * n);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const left = Float64Array.from({ length: n }, (_, i) => a[i * n + i] ?? 0);
  const least = nothing * left.reduce((most, value) => Math.max(most, value), 0);
  let rank = 0;
  search: for (let from = 0; from < n; from += block) {
    const to = Math.min(from + block, n);
    for (let k = from; k < to; k++) {
      const pivot = largestFrom(left, k);
      if (!((left[pivot] ?? 0) > least)) break search;
      swapRows(a, n, k, pivot);
      for (let row = 0; row < k; row++) swap(r, row * n + k, row * n + pivot);
      swap(left, k, pivot);
      [order[k], order[pivot]] = [order[pivot] ?? 0, order[k] ?? 0];
      takeRow(r, a, left, { n, from, k });
      rank = k + 1;
    }
    const size = n - to;
    const rest: Block = { values: a, at: to * n + to, width: n };
    const panel = columns(r, n, from, to);
    const all = [size, size, to - from] as const;
    // the work that is left goes with the cube of what is left
    const doneAt = (k: number) => 1 - ((n - k) / n) ** 3;
    await addProduct(rest, panel, panel, all, { scale: -1, upper: true, pace: share(pace, doneAt(from), doneAt(to)) });
  }
  return { values: inOrder(r, n, rank, order), rank };
}

function largestFrom(values: Float64Array, from: number): number {
  let best = from;
  for (let i = from + 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}

/** Row k of R from what the blocks before have left of A, and the rows of its own block. */
function takeRow(
  r: Float64Array,
  a: Float64Array,
  left: Float64Array,
  { n, from, k }: { n: number; from: number; k: number },
): void {
  const row = r.subarray(k * n, (k + 1) * n);
  row.set(a.subarray(k * n + k, (k + 1) * n), k);
  for (let before = from; before < k; before++) {
    const factor = r[before * n + k] ?? 0;
    const other = r.subarray(before * n, (before + 1) * n);
    for (let i = k; i < n; i++) row[i] = (row[i] ?? 0) - factor * (other[i] ?? 0);
  }
  const root = Math.sqrt(left[k] ?? 0);
  row[k] = root;
  for (let i = k + 1; i < n; i++) {
    const value = (row[i] ?? 0) / root;
    row[i] = value;
    left[i] = (left[i] ?? 0) - value * value;
  }
}

/** Rows from..to of R, right of `to`, as columns: [n - to, to - from]. */
function columns(r: Float64Array, n: number, from: number, to: number): Float64Array {
  const width = to - from;
  const out = new Float64Array((n - to) * width);
  for (let k = from; k < to; k++) for (let i = to; i < n; i++) out[(i - to) * width + k - from] = r[k * n + i] ?? 0;
  return out;
}

/** Exchanges rows and columns k < p of a symmetric matrix of which only the upper triangle from k on is kept. */
function swapRows(a: Float64Array, n: number, k: number, p: number): void {
  if (k === p) return;
  swap(a, k * n + k, p * n + p);
  for (let j = k + 1; j < p; j++) swap(a, k * n + j, j * n + p);
  for (let j = p + 1; j < n; j++) swap(a, k * n + j, p * n + j);
}

function swap(values: Float64Array, i: number, j: number): void {
  const kept = values[i] ?? 0;
  values[i] = values[j] ?? 0;
  values[j] = kept;
}

function inOrder(r: Float64Array, n: number, rank: number, order: Uint32Array): Float64Array {
  const out = new Float64Array(rank * n);
  for (let row = 0; row < rank; row++)
    for (let i = row; i < n; i++) out[row * n + (order[i] ?? 0)] = r[row * n + i] ?? 0;
  return out;
}
