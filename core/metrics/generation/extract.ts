/** Features and logits of a set of images, batch by batch. */
import { valuesOf } from '../../data/dataset';
import { AppError } from '../../lib/errors';
import type { FeatureNetwork } from '../../models/inception/extractor';
import { placesOf } from '../measure';
import type { Features, Pace } from './features';
import type { ImageSet } from './image-set';

export interface Extracted {
  readonly features: Features;
  readonly logits: Features;
}

/** Of the first so many images. @throws AppError BAD_DATA for fewer than two, what the set throws, CANCELLED by the pace. */
export async function extract(
  network: FeatureNetwork,
  set: ImageSet,
  { images, batch }: { readonly images: number; readonly batch: number },
  pace: Pace,
): Promise<Extracted> {
  const { dimensions, classes } = network;
  const n = Math.min(images, set.size);
  if (n < 2)
    throw new AppError('BAD_DATA', `'${set.name}' has ${n} images; a set has at least 2.`, 'Give more images.');
  const features = new Float32Array(n * dimensions);
  const logits = new Float32Array(n * classes);
  const stride = valuesOf(set.shape);
  for (const { from, count, rows } of placesOf(n, batch)) {
    const given = await set.bytes(from, from + count);
    const whole = new Uint8Array(rows.length * stride);
    // the last batch is filled up, so that all are one compiled step
    for (let i = 0; i < rows.length; i++)
      whole.set(given.subarray((i % count) * stride, ((i % count) + 1) * stride), i * stride);
    const found = await network.extract(whole, rows.length, set.shape);
    features.set(found.features.subarray(0, count * dimensions), from * dimensions);
    logits.set(found.logits.subarray(0, count * classes), from * classes);
    await pace((from + count) / n);
  }
  return { features: { values: features, n, d: dimensions }, logits: { values: logits, n, d: classes } };
}
