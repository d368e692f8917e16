/** What the official files of a dataset are: names, sizes, sums, where they are had, and how they are read. */
import type { TrainTest } from '../dataset';

export interface SourceFile {
  /** Without folder and without '.gz'. */
  readonly name: string;
  /** The most bytes that it may have, unpacked. */
  readonly largest: number;
  /** Of the unpacked file; absent where its authors give none. */
  readonly md5?: string;
}

/** The content of the files of a layout by their names. */
export type Files = (name: string) => Uint8Array;

/** One of the forms in which the same images are published. */
export interface Layout {
  readonly title: string;
  readonly files: readonly SourceFile[];
  /** @throws AppError BAD_FILE or BAD_DATA for files that are not what they should be. */
  decode(files: Files): TrainTest;
}

export interface Download {
  readonly file: string;
  /** The home page's first, then copies. */
  readonly urls: readonly string[];
  readonly md5: string;
}

export interface Source {
  readonly title: string;
  readonly classes: readonly string[];
  readonly images: { readonly train: number; readonly test: number };
  readonly layouts: readonly Layout[];
  readonly downloads: readonly Download[];
}
