/** Eigenpairs of a symmetric matrix by Householder reduction and implicit QL (Martin, Reinsch & Wilkinson 1968; EISPACK tred2, tql2). */

/** `a` is row-major [n, n] and is used up. Row k of `vectors` [n, n] belongs to values[k]; the order is not sorted. */
export function symmetricEigen(a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  tridiagonalise(a, n, d, e);
  transpose(a, n);
  diagonalise(a, n, d, e);
  return { values: d, vectors: a };
}

function transpose(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const kept = a[i * n + j] ?? 0;
      a[i * n + j] = a[j * n + i] ?? 0;
      a[j * n + i] = kept;
    }
}

/** a becomes the orthogonal Q with Q^T A Q tridiagonal: diagonal d, subdiagonal e[1..]. */
function tridiagonalise(z: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  const at = (i: number, j: number) => z[i * n + j] ?? 0;
  const read = (v: Float64Array, i: number) => v[i] ?? 0;
  for (let i = n - 1; i > 0; i--) {
    let h = 0;
    for (let k = 0; k < i; k++) h += at(i, k) ** 2;
    if (i === 1 || h === 0) {
      e[i] = at(i, i - 1);
      d[i] = 0;
      continue;
    }
    const f = at(i, i - 1);
    const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
    e[i] = g;
    h -= f * g;
    z[i * n + i - 1] = f - g;
    let fold = 0;
    for (let j = 0; j < i; j++) {
      z[j * n + i] = at(i, j) / h;
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += at(j, k) * at(i, k);
      for (let k = j + 1; k < i; k++) sum += at(k, j) * at(i, k);
      e[j] = sum / h;
      fold += read(e, j) * at(i, j);
    }
    const half = fold / (h + h);
    for (let j = 0; j < i; j++) {
      const p = at(i, j);
      const q = read(e, j) - half * p;
      e[j] = q;
      for (let k = 0; k <= j; k++) z[j * n + k] = at(j, k) - p * read(e, k) - q * at(i, k);
    }
    d[i] = h;
  }
  d[0] = 0;
  e[0] = 0;
  for (let i = 0; i < n; i++) {
    if (read(d, i) !== 0) {
      const g = new Float64Array(i);
      for (let k = 0; k < i; k++) for (let j = 0; j < i; j++) g[j] = read(g, j) + at(i, k) * at(k, j);
      for (let k = 0; k < i; k++) for (let j = 0; j < i; j++) z[k * n + j] = at(k, j) - read(g, j) * at(k, i);
    }
    d[i] = at(i, i);
    z[i * n + i] = 1;
    for (let j = 0; j < i; j++) z[j * n + i] = z[i * n + j] = 0;
  }
}

/** Rotates the tridiagonal (d, e) to diagonal d, carrying the rotations into the rows of z. */
function diagonalise(z: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  const read = (v: Float64Array, i: number) => v[i] ?? 0;
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  for (let l = 0; l < n; l++) {
    for (let turn = 0; turn < 60; turn++) {
      let m = l;
      while (m < n - 1 && Math.abs(read(e, m)) > Number.EPSILON * (Math.abs(read(d, m)) + Math.abs(read(d, m + 1))))
        m++;
      if (m === l) break;
      const half = (read(d, l + 1) - read(d, l)) / (2 * read(e, l));
      const root = Math.hypot(half, 1);
      let g = read(d, m) - read(d, l) + read(e, l) / (half + (half >= 0 ? root : -root));
      let s = 1;
      let c = 1;
      let p = 0;
      for (let i = m - 1; i >= l; i--) {
        const f = s * read(e, i);
        const b = c * read(e, i);
        const r = Math.hypot(f, g);
        e[i + 1] = r;
        s = r === 0 ? 0 : f / r;
        c = r === 0 ? 1 : g / r;
        g = read(d, i + 1) - p;
        const t = (read(d, i) - g) * s + 2 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
        for (let k = 0; k < n; k++) {
          const upper = read(z, (i + 1) * n + k);
          const lower = read(z, i * n + k);
          z[(i + 1) * n + k] = s * lower + c * upper;
          z[i * n + k] = c * lower - s * upper;
        }
      }
      d[l] = read(d, l) - p;
      e[l] = g;
      e[m] = 0;
    }
  }
}
