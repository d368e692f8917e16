/**
 * The Inception-v3 network of 2015-12-05 (Szegedy et al. 2016), by which Inception Score and Fréchet Inception Distance are defined, as
 * its published graph computes it: average pools that leave the frame out, a max pool in the last block, no auxiliary head, 1008
 * outputs. Weights carry the names of the PyTorch conversion; batch norm (eps .001) is folded into the convolutions.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { weightOf } from '../layers';
import type { Weights } from '../model';

/** Side of the images that it looks at. */
export const inceptionSide = 299;
export const inceptionOutputs = 1008;
/** Features by the number of their channels, each averaged over the image: after the two first pools, before block 7, and pool3. */
export const featureLayers = [64, 192, 768, 2048] as const;
export type FeatureLayer = (typeof featureLayers)[number];

export interface InceptionOutputs {
  /** [n, 64], [n, 192], [n, 768], [n, 2048]. */
  readonly features: Readonly<Record<FeatureLayer, Tensor2D>>;
  /** pool3 @ W [n, 1008], without the bias: what the Inception Score is defined with (Salimans et al. 2016). */
  readonly logits: Tensor2D;
}

type Pad = 'same' | 'valid';

/** A convolution with its folded batch norm, and ReLU. */
const conv =
  (weights: Weights) =>
  (name: string, stride = 1, pad: Pad = 'same') =>
  (x: Tensor4D): Tensor4D =>
    tf.relu(
      tf.add<Tensor4D>(
        tf.conv2d(x, weightOf<Tensor4D>(weights, `${name}.conv.weight`), stride, pad),
        weightOf<Tensor1D>(weights, `${name}.bias`),
      ),
    );

/** Layers one after the other; what lies between them goes at once, so that a batch needs little memory op by op. */
const through = (x: Tensor4D, ...layers: ((x: Tensor4D) => Tensor4D)[]): Tensor4D =>
  tf.tidy(() => layers.reduce((value, layer) => layer(value), x));
const beside = (...branches: Tensor4D[]): Tensor4D => tf.concat(branches, 3);
/** A block whose branches go when they are joined. */
const block =
  (of: (c: Convolutions, name: string, x: Tensor4D) => Tensor4D) =>
  (c: Convolutions, name: string, x: Tensor4D): Tensor4D =>
    tf.tidy(() => of(c, name, x));
const average = (x: Tensor4D): Tensor4D => tf.avgPool(x, 3, 1, 'same');
const largest = (x: Tensor4D): Tensor4D => tf.maxPool(x, 3, 2, 'valid');
const pooled = (x: Tensor4D): Tensor2D => tf.mean(x, [1, 2]);

/**
 * Images of any size as the network sees them: [n, 299, 299, 3] in [-1, 1), from [n, h, w, 3] of whole numbers 0 to 255. The resize is
 * that of TensorFlow 1: bilinear between pixel corners.
 */
export const inceptionInput = (images: Tensor4D): Tensor4D =>
  tf.tidy(() => {
    const resized = tf.image.resizeBilinear(images, [inceptionSide, inceptionSide], false, false);
    return tf.div<Tensor4D>(tf.sub(resized, 128), 128);
  });

/** Features and logits of images [n, h, w, 3] of whole numbers 0 to 255, in float32. */
export function inception(weights: Weights, images: Tensor4D): InceptionOutputs {
  const c = conv(weights);
  let x = inceptionInput(images);
  x = through(x, c('Conv2d_1a_3x3', 2, 'valid'), c('Conv2d_2a_3x3', 1, 'valid'), c('Conv2d_2b_3x3'), largest);
  const first = pooled(x);
  x = through(x, c('Conv2d_3b_1x1'), c('Conv2d_4a_3x3', 1, 'valid'), largest);
  const second = pooled(x);
  for (const name of ['Mixed_5b', 'Mixed_5c', 'Mixed_5d']) x = blockA(c, name, x);
  x = blockB(c, 'Mixed_6a', x);
  for (const name of ['Mixed_6b', 'Mixed_6c', 'Mixed_6d', 'Mixed_6e']) x = blockC(c, name, x);
  const third = pooled(x);
  x = blockD(c, 'Mixed_7a', x);
  x = blockE(average)(c, 'Mixed_7b', x);
  x = blockE((y) => tf.maxPool(y, 3, 1, 'same'))(c, 'Mixed_7c', x);
  const last = pooled(x);
  const logits = tf.matMul<Tensor2D>(last, weightOf<Tensor2D>(weights, 'fc.weight'));
  return { features: { 64: first, 192: second, 768: third, 2048: last }, logits };
}

type Convolutions = ReturnType<typeof conv>;

const blockA = block((c, name, x) =>
  beside(
    through(x, c(`${name}.branch1x1`)),
    through(x, c(`${name}.branch5x5_1`), c(`${name}.branch5x5_2`)),
    through(x, ...[1, 2, 3].map((i) => c(`${name}.branch3x3dbl_${i}`))),
    through(x, average, c(`${name}.branch_pool`)),
  ),
);

const blockB = block((c, name, x) =>
  beside(
    through(x, c(`${name}.branch3x3`, 2, 'valid')),
    through(x, c(`${name}.branch3x3dbl_1`), c(`${name}.branch3x3dbl_2`), c(`${name}.branch3x3dbl_3`, 2, 'valid')),
    largest(x),
  ),
);

const blockC = block((c, name, x) =>
  beside(
    through(x, c(`${name}.branch1x1`)),
    through(x, ...[1, 2, 3].map((i) => c(`${name}.branch7x7_${i}`))),
    through(x, ...[1, 2, 3, 4, 5].map((i) => c(`${name}.branch7x7dbl_${i}`))),
    through(x, average, c(`${name}.branch_pool`)),
  ),
);

const blockD = block((c, name, x) =>
  beside(
    through(x, c(`${name}.branch3x3_1`), c(`${name}.branch3x3_2`, 2, 'valid')),
    through(x, ...[1, 2, 3].map((i) => c(`${name}.branch7x7x3_${i}`)), c(`${name}.branch7x7x3_4`, 2, 'valid')),
    largest(x),
  ),
);

const blockE = (pool: (x: Tensor4D) => Tensor4D) =>
  block((c, name, x) => {
    const square = through(x, c(`${name}.branch3x3_1`));
    const double = through(x, c(`${name}.branch3x3dbl_1`), c(`${name}.branch3x3dbl_2`));
    return beside(
      through(x, c(`${name}.branch1x1`)),
      ...['a', 'b'].map((side) => through(square, c(`${name}.branch3x3_2${side}`))),
      ...['a', 'b'].map((side) => through(double, c(`${name}.branch3x3dbl_3${side}`))),
      through(x, pool, c(`${name}.branch_pool`)),
    );
  });
