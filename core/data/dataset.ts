/** What a dataset is, whatever its format: named splits of images in [0,1], NHWC, with labels. */
import type { Entry } from '../lib/registry';

export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];
/** [height, width, channels]. Points of a 2-D toy are [1, 1, 2]. */
export type ImageShape = readonly [number, number, number];

export interface Split {
  readonly shape: ImageShape;
  readonly size: number;
  /** One of 0..classes-1 for each image. */
  readonly labels: Int32Array;
  /** uint8 (value / 255 is the pixel) or float32 in [0,1]; size * h * w * c values, NHWC. */
  readonly pixels: Uint8Array | Float32Array;
}

/** Images as a source's files hold them: nothing held out for validation yet. */
export interface TrainTest {
  readonly train: Split;
  readonly test: Split;
}

/** A source's images with their names. */
export interface SourceData extends TrainTest {
  readonly title: string;
  readonly classes: readonly string[];
}

export interface Dataset {
  readonly id: string;
  readonly title: string;
  readonly shape: ImageShape;
  readonly classes: readonly string[];
  readonly splits: Readonly<Record<SplitName, Split>>;
}

/** A batch on the host: x is [n, h, w, c] in [0,1]. */
export interface Batch {
  readonly x: Float32Array;
  readonly y: Int32Array;
  readonly size: number;
}

/** A registered dataset: how it is called, where it comes from, how its files are read. */
export interface DatasetEntry extends Entry {
  readonly licence: string;
  /** Home page, as text. */
  readonly home: string;
}

/** Values of one image. */
export const valuesOf = ([height, width, channels]: ImageShape): number => height * width * channels;

/** Images of each class. */
export function classCounts({ labels }: Split, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
