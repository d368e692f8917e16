/** Two-dimensional toy distributions for teaching: points in the unit square as images of shape [1, 1, 2], where the whole energy can be drawn. */
import { type Key, fork, key } from '../lib/key';
import { integers, normals, uniforms } from '../lib/philox';
import type { DatasetEntry, SourceData, Split } from './dataset';

interface Draws {
  /** Uniform in [0,1). */
  readonly u: readonly [number, number];
  /** Standard normal. */
  readonly z: readonly [number, number];
  readonly label: number;
}

interface Toy {
  readonly title: string;
  readonly summary: string;
  readonly classes: number;
  /** A point in [-1,1]^2 from independent draws. */
  point(draws: Draws): readonly [number, number];
}

const turn = (angle: number, radius = 1): readonly [number, number] => [
  radius * Math.cos(angle),
  radius * Math.sin(angle),
];

const toys: Readonly<Record<string, Toy>> = {
  'toy-moons': {
    title: 'Two moons',
    summary: 'Two half circles, one in the other: 2 classes.',
    classes: 2,
    point({ u, z, label }) {
      const [x, y] = turn(Math.PI * u[0], 0.55);
      const moon = label === 0 ? [x - 0.25, y - 0.12] : [0.25 - x, 0.12 - y];
      return [(moon[0] ?? 0) + 0.05 * z[0], (moon[1] ?? 0) + 0.05 * z[1]];
    },
  },
  'toy-rings': {
    title: 'Two rings',
    summary: 'Two rings with one centre: 2 classes.',
    classes: 2,
    point: ({ u, z, label }) => turn(2 * Math.PI * u[0], (label === 0 ? 0.35 : 0.75) + 0.04 * z[0]),
  },
  'toy-checkerboard': {
    title: 'Checkerboard',
    summary: 'The fields of a 4x4 board by colour: 2 classes.',
    classes: 2,
    point({ u, label }) {
      const column = Math.floor(4 * u[0]);
      const row = 2 * Math.floor(2 * u[1]) + ((column + label) % 2);
      return [2 * u[0] - 1, (row + ((2 * u[1]) % 1)) / 2 - 1];
    },
  },
  'toy-gaussians': {
    title: 'Eight Gaussians',
    summary: 'Eight spots on a circle: 8 classes.',
    classes: 8,
    point({ z, label }) {
      const [x, y] = turn((2 * Math.PI * label) / 8, 0.7);
      return [x + 0.05 * z[0], y + 0.05 * z[1]];
    },
  },
};

export const toyEntries: readonly DatasetEntry[] = Object.entries(toys).map(([id, { title, summary }]) => ({
  id,
  title,
  summary,
  reference: '',
  licence: 'Made by seed',
  home: '',
  options: {},
}));

/** 8,000 training and 2,000 test points of a toy, by seed; undefined when there is none of that name. */
export function makeToy(id: string, seed: number): SourceData | undefined {
  const toy = Object.hasOwn(toys, id) ? toys[id] : undefined;
  if (!toy) return undefined;
  const names = Array.from({ length: toy.classes }, (_, i) => `class ${i}`);
  return {
    title: toy.title,
    classes: names,
    train: draw(toy, 8000, key(seed, `${id}/train`)),
    test: draw(toy, 2000, key(seed, `${id}/test`)),
  };
}

function draw(toy: Toy, size: number, at: Key): Split {
  const labels = Int32Array.from(integers(fork(at, 'labels'), size, toy.classes));
  const u = uniforms(fork(at, 'uniform'), size * 2);
  const z = normals(fork(at, 'normal'), size * 2);
  const pixels = new Float32Array(size * 2);
  labels.forEach((label, i) => {
    const pair = (values: Float32Array): readonly [number, number] => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0];
    toy.point({ u: pair(u), z: pair(z), label }).forEach((value, axis) => {
      pixels[2 * i + axis] = Math.min(1, Math.max(0, (value + 1) / 2));
    });
  });
  return { shape: [1, 1, 2], size, labels, pixels };
}
