/** Principal components of a class from the Gram matrix of its centred images: PC_i s_i = X_c^T u_i, with (s_i^2, u_i) its eigenpairs. */
import type { ClassImages } from './class-images';
import { symmetricEigen } from './eigen';

export interface PrincipalAxes {
  /** Components kept. */
  readonly count: number;
  /** Weights of the centred images [draws, size] for coefficients [draws, count] of s_i PC_i, times `scale`. */
  mix(coefficients: Float32Array, draws: number, scale: number): Float32Array;
}

/** The leading components that hold the given share of the variance. */
export function principalAxes(images: ClassImages, share: number): PrincipalAxes {
  const { size } = images;
  const { values, vectors } = symmetricEigen(gram(images), size);
  const order = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const kept: number[] = [];
  for (let held = 0; kept.length < size && held < share * total;) {
    const next = order[kept.length] ?? 0;
    kept.push(next);
    held += Math.max(0, values[next] ?? 0);
  }
  return {
    count: kept.length,
    mix(coefficients, draws, scale) {
      const weights = new Float32Array(draws * size);
      for (let draw = 0; draw < draws; draw++)
        kept.forEach((row, k) => {
          const coefficient = scale * (coefficients[draw * kept.length + k] ?? 0);
          for (let i = 0; i < size; i++)
            weights[draw * size + i] = (weights[draw * size + i] ?? 0) + coefficient * (vectors[row * size + i] ?? 0);
        });
      return weights;
    },
  };
}

/** X_c X_c^T, row-major [size, size]. */
function gram({ size, stride, row, mean }: ClassImages): Float64Array {
  const centred = Array.from({ length: size }, (_, i) =>
    Float64Array.from(row(i), (value, j) => value - (mean[j] ?? 0)),
  );
  const out = new Float64Array(size * size);
  centred.forEach((a, i) => {
    for (let k = 0; k <= i; k++) {
      const b = centred[k] ?? a;
      let sum = 0;
      for (let j = 0; j < stride; j++) sum += (a[j] ?? 0) * (b[j] ?? 0);
      out[i * size + k] = sum;
      out[k * size + i] = sum;
    }
  });
  return out;
}
