/**
 * Eigenvalues of a symmetric matrix, without vectors: Householder reduction to tridiagonal form, each step's update and the next step's
 * product in one pass over the matrix, then implicit QL (Martin, Reinsch & Wilkinson 1968).
 */
import type { Pace } from './features';

/** `a` is row-major [n, n]; its lower triangle is read and used up. The values are not sorted. */
export async function symmetricValues(a: Float64Array, n: number, pace: Pace): Promise<Float64Array> {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  let [v, q] = [new Float64Array(n), new Float64Array(n)];
  let [nextV, p] = [new Float64Array(n), new Float64Array(n)];
  for (let i = n - 1; i >= 0; i--) {
    // row i as the update of the step before leaves it
    if (i < n - 1) updateRow(a, n, i, v, q);
    diagonal[i] = a[i * n + i] ?? 0;
    const { h, off } = reflector(a, n, i, nextV);
    beside[i] = off;
    p.fill(0, 0, i);
    if (i > 0) pass(a, n, i, i < n - 1 ? { v, q } : undefined, nextV, p);
    if (h > 0) {
      let fold = 0;
      for (let j = 0; j < i; j++) fold += (p[j] ?? 0) * (nextV[j] ?? 0);
      const half = fold / (2 * h * h);
      for (let j = 0; j < i; j++) p[j] = (p[j] ?? 0) / h - half * (nextV[j] ?? 0);
    } else p.fill(0, 0, i);
    [v, nextV] = [nextV, v];
    [q, p] = [p, q];
    if (i % 16 === 0) await pace(1 - (i / n) ** 3);
  }
  implicitQl(diagonal, beside, n);
  return diagonal;
}

function updateRow(a: Float64Array, n: number, i: number, v: Float64Array, q: Float64Array): void {
  const [vi, qi] = [v[i] ?? 0, q[i] ?? 0];
  for (let k = 0; k <= i; k++) a[i * n + k] = (a[i * n + k] ?? 0) - vi * (q[k] ?? 0) - qi * (v[k] ?? 0);
}

/** The vector v [i] that takes row i to its last place beside the diagonal: h = v.v / 2 and the value there. */
function reflector(a: Float64Array, n: number, i: number, v: Float64Array): { h: number; off: number } {
  let square = 0;
  for (let k = 0; k < i; k++) {
    const value = a[i * n + k] ?? 0;
    v[k] = value;
    square += value * value;
  }
  const last = a[i * n + i - 1] ?? 0;
  if (i <= 1 || square === 0) {
    v.fill(0, 0, i);
    return { h: 0, off: i > 0 ? last : 0 };
  }
  const off = last >= 0 ? -Math.sqrt(square) : Math.sqrt(square);
  v[i - 1] = last - off;
  return { h: square - last * off, off };
}

/** Rows 0..i-1 less v q^T + q v^T of the step before, where there was one; p = these rows times w. Only the lower triangle. */
function pass(
  a: Float64Array,
  n: number,
  i: number,
  before: { v: Float64Array; q: Float64Array } | undefined,
  w: Float64Array,
  p: Float64Array,
): void {
  for (let j = 0; j < i; j++) {
    const row = a.subarray(j * n, j * n + j + 1);
    const wj = w[j] ?? 0;
    let sum = 0;
    if (before) {
      const { v, q } = before;
      const [vj, qj] = [v[j] ?? 0, q[j] ?? 0];
      for (let k = 0; k < j; k++) {
        const value = (row[k] ?? 0) - vj * (q[k] ?? 0) - qj * (v[k] ?? 0);
        row[k] = value;
        sum += value * (w[k] ?? 0);
        p[k] = (p[k] ?? 0) + value * wj;
      }
      row[j] = (row[j] ?? 0) - 2 * vj * qj;
    } else
      for (let k = 0; k < j; k++) {
        const value = row[k] ?? 0;
        sum += value * (w[k] ?? 0);
        p[k] = (p[k] ?? 0) + value * wj;
      }
    p[j] = (p[j] ?? 0) + sum + (row[j] ?? 0) * wj;
  }
}

/** Diagonalises the tridiagonal matrix (d, e[1..]) in place. */
function implicitQl(d: Float64Array, e: Float64Array, n: number): void {
  const read = (values: Float64Array, i: number) => values[i] ?? 0;
  e.copyWithin(0, 1);
  if (n > 0) e[n - 1] = 0;
  for (let l = 0; l < n; l++)
    for (let turn = 0; turn < 60; turn++) {
      let m = l;
      while (m < n - 1 && Math.abs(read(e, m)) > Number.EPSILON * (Math.abs(read(d, m)) + Math.abs(read(d, m + 1))))
        m++;
      if (m === l) break;
      const half = (read(d, l + 1) - read(d, l)) / (2 * read(e, l));
      const root = Math.hypot(half, 1);
      let g = read(d, m) - read(d, l) + read(e, l) / (half + (half >= 0 ? root : -root));
      let [s, c, p] = [1, 1, 0];
      for (let i = m - 1; i >= l; i--) {
        const f = s * read(e, i);
        const b = c * read(e, i);
        const r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        s = r === 0 ? 0 : f / r;
        c = r === 0 ? 1 : g / r;
        g = read(d, i + 1) - p;
        const t = (read(d, i) - g) * s + 2 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
      }
      d[l] = read(d, l) - p;
      e[l] = g;
      e[m] = 0;
    }
}
