/** What models make of single images. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Judgement } from '../../../contract/areas/models';
import { breathe } from '../../../lib/breathe';
import { AppError, throwIfCancelled } from '../../../lib/errors';
import type { OpenModel } from '../desk';

const most = 256;
/** Images in one piece: a job goes on between two of them. */
const piece = 16;

/** Logits of images [n, h, w, c], given as uint8 or float32 in [0,1]. @throws AppError BAD_DATA when they do not fit the model. */
export async function judge(
  { name, classes, classifier }: OpenModel,
  images: Uint8Array | Float32Array,
  signal: AbortSignal,
): Promise<Judgement> {
  const shape = classifier.inputShape;
  const stride = shape[0] * shape[1] * shape[2];
  const n = images.length / stride;
  if (!Number.isInteger(n) || n < 1)
    throw new AppError(
      'BAD_DATA',
      `${images.length} values are not images of ${shape.join(' × ')}, which '${name}' takes.`,
      'Choose another model or dataset.',
    );
  if (n > most) throw new AppError('BAD_OPTION', `${n} images are too many at once.`, `Give at most ${most}.`);
  const x = images instanceof Uint8Array ? Float32Array.from(images, (value) => value / 255) : images;
  const logits = new Float32Array(n * classifier.classes);
  for (let from = 0; from < n; from += piece) {
    await breathe();
    throwIfCancelled(signal);
    const part = x.subarray(from * stride, (from + piece) * stride);
    const values = tf.tidy(() => classifier.logits(tf.tensor4d(part, [part.length / stride, ...shape]) as Tensor4D));
    try {
      logits.set(await values.data<'float32'>(), from * classifier.classes);
    } finally {
      values.dispose();
    }
  }
  return { model: name, classes, logits };
}
