/** manifest.json of a stored dataset: what its arrays are, and their sums. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { AppError, fileError } from '../lib/errors';

export const manifestFile = 'manifest.json';

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65536));
const size = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 36));
const arraySchema = v.object({
  file: v.pipe(v.string(), v.regex(/^\w+\.(pixels|labels)$/)),
  bytes: size,
  sha256: v.string(),
});
const splitSchema = v.object({ images: size, pixels: arraySchema, labels: arraySchema });
const schema = v.object({
  format: v.literal(1),
  title: v.string(),
  shape: v.tuple([side, side, side]),
  classes: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(65536)),
  values: v.picklist(['uint8', 'float32']),
  /** Where it came from. */
  source: v.string(),
  added: v.string(),
  splits: v.object({ train: splitSchema, test: splitSchema }),
});

export type StoredArray = v.InferOutput<typeof arraySchema>;
export type Manifest = v.InferOutput<typeof schema>;

/** @throws AppError BAD_FILE when it is missing, damaged or contradicts itself; NEWER_VERSION when a later Lowland wrote it. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = path.join(folder, manifestFile);
  const again = `Remove the dataset with 'lowland data remove ${path.basename(folder)}' and add it again.`;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, file, 'read a dataset');
  });
  const format = v.safeParse(v.pipe(v.string(), v.parseJson(), v.object({ format: v.number() })), text);
  if (format.success && format.output.format > 1)
    throw new AppError(
      'NEWER_VERSION',
      `'${folder}' has format ${format.output.format}; this Lowland reads format 1.`,
      'Use a newer Lowland.',
    );
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (!read.success || !consistent(read.output))
    throw new AppError('BAD_FILE', `'${file}' is damaged: it does not describe a dataset.`, again);
  return read.output;
}

function consistent({ shape, values, splits }: Manifest): boolean {
  const image = shape[0] * shape[1] * shape[2] * (values === 'uint8' ? 1 : 4);
  return Object.values(splits).every(
    ({ images, pixels, labels }) => pixels.bytes === images * image && labels.bytes === images * 4,
  );
}
