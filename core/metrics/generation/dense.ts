/** Products of dense matrices in float64, blocked for the caches: engines compute in float32, which is too coarse for covariances. */
import type { Pace } from './features';

/** Where a block lies in a row-major matrix. */
export interface Block {
  readonly values: Float64Array;
  /** Place of the block's first value. */
  readonly at: number;
  /** From one row to the next. */
  readonly width: number;
}

export interface ProductOptions {
  readonly scale?: number;
  /** Only the upper triangle; a and b must be the same. */
  readonly upper?: boolean;
  readonly pace?: Pace;
}

/** Columns of a and b taken at a time, and rows of b: together half a level-2 cache. */
const [depth, rows] = [256, 64];

/** c += scale * a b^T, with a [m, k] and b [n, k] row-major. */
export async function addProduct(
  c: Block,
  a: Float64Array,
  b: Float64Array,
  [m, n, k]: readonly [number, number, number],
  { scale = 1, upper = false, pace }: ProductOptions = {},
): Promise<void> {
  for (let from = 0; from < k; from += depth)
    for (let j = 0; j < n; j += rows) {
      const end = Math.min(j + rows, n);
      addPanel(
        c,
        a,
        b,
        { k, from, to: Math.min(from + depth, k), j, end, m: upper ? Math.min(end, m) : m, upper },
        scale,
      );
      await pace?.((from + (Math.min(depth, k - from) * end) / n) / k);
    }
}

interface Panel {
  readonly k: number;
  readonly from: number;
  readonly to: number;
  /** Rows of b: j to end; of a: 0 to m. */
  readonly j: number;
  readonly end: number;
  readonly m: number;
  readonly upper: boolean;
}

function addPanel(c: Block, a: Float64Array, b: Float64Array, panel: Panel, scale: number): void {
  const { k, from, to, end, m, upper } = panel;
  for (let i = 0; i < m; i += 4)
    for (let j = panel.j; j < end; j += 4) {
      if (upper && j + 3 < i) continue;
      if (i + 4 <= m && j + 4 <= end) addTile(c, a, b, i, j, k, from, to, scale);
      else addEdge(c, a, b, [i, Math.min(i + 4, m)], [j, Math.min(j + 4, end)], panel, scale);
    }
}

/** Four rows by four: each value that is loaded serves four products. */
function addTile(
  { values, at, width }: Block,
  a: Float64Array,
  b: Float64Array,
  i: number,
  j: number,
  k: number,
  from: number,
  to: number,
  scale: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  const a0 = (i + 0) * k;
  const a1 = (i + 1) * k;
  const a2 = (i + 2) * k;
  const a3 = (i + 3) * k;
  const b0 = (j + 0) * k;
  const b1 = (j + 1) * k;
  const b2 = (j + 2) * k;
  const b3 = (j + 3) * k;
  for (let p = from; p < to; p++) {
    const x0 = a[a0 + p] ?? 0;
    const x1 = a[a1 + p] ?? 0;
    const x2 = a[a2 + p] ?? 0;
    const x3 = a[a3 + p] ?? 0;
    const y0 = b[b0 + p] ?? 0;
    const y1 = b[b1 + p] ?? 0;
    const y2 = b[b2 + p] ?? 0;
    const y3 = b[b3 + p] ?? 0;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  const sums = [s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33];
  for (let t = 0; t < 16; t++) {
    const place = at + (i + (t >> 2)) * width + j + (t & 3);
    values[place] = (values[place] ?? 0) + scale * (sums[t] ?? 0);
  }
}

function addEdge(
  { values, at, width }: Block,
  a: Float64Array,
  b: Float64Array,
  [i0, i1]: readonly [number, number],
  [j0, j1]: readonly [number, number],
  { k, from, to }: Panel,
  scale: number,
): void {
  for (let i = i0; i < i1; i++)
    for (let j = j0; j < j1; j++) {
      let sum = 0;
      for (let p = from; p < to; p++) sum += (a[i * k + p] ?? 0) * (b[j * k + p] ?? 0);
      const place = at + i * width + j;
      values[place] = (values[place] ?? 0) + scale * sum;
    }
}

/** Copies the upper triangle of [n, n] into the lower. */
export function mirror(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i] ?? 0;
}
