/**
 * The two directions of a plane round a real image: random ones (Zhu et al. 2021, figure 2), or the direction of an attack and a
 * random one. Drawn on the host, so every model and engine sees the same random plane.
 */
import type { ImageShape } from '../data/dataset';
import type { Norm } from '../attacks/perturb';
import { type Key, fork } from '../lib/key';
import { normals } from '../lib/philox';

export interface Directions {
  /** Flat images [h * w * c] of size 1 in `norm`, orthogonal in L2: a step of r along one of them has size r. */
  readonly u: Float32Array;
  readonly v: Float32Array;
  readonly norm: Norm;
}

/** Two random directions, or `first` (an attack's x' - x) and a random one made orthogonal to it. */
export function planeDirections(key: Key, shape: ImageShape, norm: Norm, first?: Float32Array): Directions {
  const size = shape[0] * shape[1] * shape[2];
  const moves = first?.some((value) => value !== 0);
  const u = first && moves ? first : normals(fork(key, 'u'), size);
  const drawn = normals(fork(key, 'v'), size);
  const share = dot(drawn, u) / dot(u, u);
  return {
    u: scaled(u, norm),
    v: scaled(
      drawn.map((value, i) => value - share * (u[i] ?? 0)),
      norm,
    ),
    norm,
  };
}

/** Sum of products, in float64. */
export const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function scaled(direction: Float32Array, norm: Norm): Float32Array {
  const size =
    norm === 'linf'
      ? direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      : Math.sqrt(dot(direction, direction));
  return direction.map((value) => value / size);
}
