/**
 * The dataset in the package, so that the demo needs no network: of Fashion-MNIST (MIT, Zalando Research) the first 1,200 training and
 * 200 test images of each class, in their order (tools/make-fashion-mini.mjs).
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { AppError, fileError } from '../lib/errors';
import { assetsFolder } from '../lib/paths';
import type { SourceData } from './dataset';
import { gunzipBounded } from './formats/gzip';
import { fashionClasses, idxLayout } from './sources/mnist';

const folder = path.join(assetsFolder, 'datasets', 'fashion-mnist-mini');
const sumsSchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string()));

/** A file's content with its SHA-256. */
export interface SummedFile {
  readonly name: string;
  readonly sum: string;
  readonly bytes: Uint8Array;
}

/** The four files. @throws AppError CHECKSUM when one of them is not what was packed. */
export async function embeddedFiles(): Promise<SummedFile[]> {
  const sums = v.parse(sumsSchema, (await read('sums.json')).toString());
  return Promise.all(
    Object.entries(sums).map(async ([name, wanted]) => {
      const bytes = await read(name);
      const sum = createHash('sha256').update(bytes).digest('hex');
      if (sum !== wanted)
        throw new AppError('CHECKSUM', `The embedded file '${name}' is damaged.`, 'Install Lowland again.');
      return { name, sum, bytes };
    }),
  );
}

/** The training and test images. @throws AppError CHECKSUM, BAD_FILE. */
export async function loadFashionMini(): Promise<SourceData> {
  const files = new Map((await embeddedFiles()).map(({ name, bytes }) => [name, bytes]));
  const layout = idxLayout({ train: 12_000, test: 2_000 });
  const unpacked = (name: string, largest: number) => {
    const packed = files.get(`${name}.gz`);
    if (!packed)
      throw new AppError('NOT_FOUND', `The embedded file '${name}.gz' is missing.`, 'Install Lowland again.');
    return gunzipBounded(packed, largest, name);
  };
  const contents = new Map(layout.files.map(({ name, largest }) => [name, unpacked(name, largest)]));
  const splits = layout.decode((name) => contents.get(name) ?? new Uint8Array());
  return { title: 'Fashion-MNIST mini', classes: fashionClasses, ...splits };
}

async function read(name: string): Promise<Buffer> {
  const file = path.join(folder, name);
  return readFile(file).catch((error: unknown) => {
    throw fileError(error, file, 'read the embedded dataset');
  });
}
