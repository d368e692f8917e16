/** Made-up data for every figure, the same at every call: for tests, for documentation, and to judge a figure by eye. */
import type { ImageShape } from '../data/dataset';
import { key } from '../lib/key';
import { normals, uniforms } from '../lib/philox';
import type { ContourPanels } from './contour-panels';
import type { PanelPath } from './contour-paths';
import type { Descent } from './descent';
import type { HistogramFigure } from './histogram';
import type { ImageGrid } from './image-grid';
import type { LineChart } from './line-chart';
import type { Quiver } from './quiver';

export const provenance = { data: 'made up', seed: '0' };
export const around = (name: string, n: number, mean: number, deviation: number): number[] =>
  Array.from(normals(key(0, name, 0), n), (z) => mean + deviation * z);

const n = 61;
/** A bowl with ripples and, where `peak` is positive, a sharp top at the image. */
function landscape(peak: number, depth: number, ripples: number): Float32Array {
  return Float32Array.from({ length: n * n }, (_, i) => {
    const [u, v] = [(2 * (i % n)) / (n - 1) - 1, (2 * Math.floor(i / n)) / (n - 1) - 1];
    const r = Math.hypot(u + 0.06, v - 0.04);
    const ripple = Math.sin(3.1 * u + 1.3 * v + 0.4) * Math.cos(2.2 * v - 0.9 * u);
    return peak * Math.exp(-7 * r * r) + depth * (r * r + 0.25 * u - 0.15 * v) + ripples * ripple - 1;
  });
}

/** A walk that turns outward, as an attack would. */
const sampleWalk = (): PanelPath => {
  const steps = Array.from({ length: 24 }, (_, i) => i / 23);
  return {
    label: 'PGD',
    a: steps.map((t) => 13 * t * Math.cos(1.2 + 1.1 * t)),
    b: steps.map((t) => 13 * t * Math.sin(1.2 + 1.1 * t)),
  };
};

export const sampleContours = (): ContourPanels => ({
  title: 'Energy round a real image',
  subtitle: 'E(x,y) on a plane of two random directions',
  panels: [
    { title: 'Natural', grid: landscape(11, -7, 3), n },
    { title: 'PGD-AT', grid: landscape(0, 3, 0.9), n },
    { title: 'PreJEAT', grid: landscape(0, 1.6, 0.4), n },
    { title: 'JEAT', grid: landscape(0, 0.9, 0.2), n, paths: [sampleWalk()] },
  ],
  extent: 16,
  unit: 'linf, n/255',
  shared: true,
  caption: "The star is the image. Each model's mean energy of clean images is subtracted, so 0 is a usual real image.",
  provenance,
});

export const sampleHistogram = (): HistogramFigure => ({
  title: 'Marginal energy of clean, adversarial and generated images',
  xLabel: 'E(x), nats',
  series: [
    { label: 'clean', values: around('clean', 600, -12, 2) },
    { label: 'adversarial', values: around('adversarial', 600, -15.5, 2.6) },
    { label: 'generated', values: around('generated', 600, -11, 1.4) },
  ],
  provenance,
});

export function sampleCurves(): LineChart {
  const x = Array.from({ length: 120 }, (_, i) => i * 10);
  const noise = around('curve', 240, 0, 0.012);
  const clean = x.map((s, i) => 0.88 - 0.75 * Math.exp(-s / 180) + (noise[i] ?? 0));
  return {
    title: 'Training: accuracy and the gap of energies',
    xLabel: 'step',
    yLabel: 'accuracy',
    rightLabel: 'mean E(x) − E(x̃), nats',
    yDomain: [0, 1],
    series: [
      { label: 'clean', x, y: clean, low: clean.map((y) => y - 0.03), high: clean.map((y) => y + 0.03) },
      { label: 'clean', x: x.slice(50, 70), y: clean.slice(50, 70).map((y, i) => y - 0.008 * i), superseded: true },
      { label: 'robust', x, y: x.map((s, i) => 0.62 - 0.56 * Math.exp(-s / 320) + (noise[i + 120] ?? 0)) },
      { label: 'energy gap', x, y: x.map((s) => 14 * Math.exp(-s / 260) + 1), right: true, dashed: true },
    ],
    provenance,
  };
}

export function sampleArrows(): Quiver {
  const [marginal, gap, down, up] = ['a', 'b', 'c', 'd'].map((name) => around(`arrow-${name}`, 60, 0, 1));
  return {
    title: 'Where an attack moves energies',
    subtitle: 'PGD, linf 8/255',
    arrows: Array.from({ length: 60 }, (_, i) => {
      const from = -10 + 2 * (marginal?.[i] ?? 0);
      const to = from - 2.5 - 0.8 * Math.abs(down?.[i] ?? 0);
      return {
        from: { marginal: from, joint: from + 0.3 * Math.abs(gap?.[i] ?? 0) },
        to: { marginal: to, joint: to + 4 + 1.5 * Math.abs(up?.[i] ?? 0) },
      };
    }),
    provenance,
  };
}

export const shape: ImageShape = [28, 28, 1];
const pixels = 28 * 28;
const classes = ['disc', 'square', 'ring', 'cross', 'stripes'];

/** A shape drawn with `amount` in [0,1] over noise. */
export function picture(kind: number, amount: number): Float32Array {
  const noise = uniforms(key(0, 'picture', kind), pixels);
  return noise.map((value, i) => {
    const [u, v] = [(i % 28) / 13.5 - 1, Math.floor(i / 28) / 13.5 - 1];
    const r = Math.hypot(u, v);
    const inside = [
      r < 0.6,
      Math.max(Math.abs(u), Math.abs(v)) < 0.55,
      Math.abs(r - 0.5) < 0.15,
      Math.min(Math.abs(u), Math.abs(v)) < 0.16,
      Math.sin(9 * u) > 0,
    ][kind];
    return amount * (inside ? 0.92 : 0.05) + (1 - amount) * value;
  });
}

export const joined = (images: readonly Float32Array[]): Float32Array =>
  Float32Array.from(images.flatMap((image) => [...image]));

export const sampleGrid = (): ImageGrid => ({
  title: 'Images by class and step',
  images: joined(classes.flatMap((_, kind) => [0, 0.3, 0.6, 1].map((amount) => picture(kind, amount)))),
  shape,
  rows: classes,
  columns: ['noise', '10', '20', '60'],
  provenance,
});

export const sampleDescent = (): Descent => ({
  title: 'The same noise walked down three energies',
  models: [
    { label: 'Natural', reached: 0.05 },
    { label: 'PGD-AT', reached: 0.55 },
    { label: 'JEAT', reached: 1 },
  ].map(({ label, reached }) => ({
    label,
    subtitle: '60 steps down E(x,y)',
    frames: [0, 5, 20, 60].map((step) => ({
      step,
      images: joined(classes.map((_, kind) => picture(kind, (reached * step) / 60))),
    })),
  })),
  shape,
  classes,
  rows: 'classes',
  provenance,
});
