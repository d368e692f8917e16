/** Inception-v3 on an engine: features and logits of images, batch by batch. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { ImageShape } from '../../data/dataset';
import type { CompileOptions, Compiler, NamedTensors } from '../../engine/engine';
import { AppError } from '../../lib/errors';
import { key } from '../../lib/key';
import { type FeatureLayer, inception, inceptionOutputs } from './graph';

/** A network whose inner values stand for images when sets of them are compared. */
export interface FeatureNetwork {
  /** What a result is named after. */
  readonly name: string;
  /** Of the features, and of the logits. */
  readonly dimensions: number;
  readonly classes: number;
  /** Of images [n, h, w, c] as bytes: [n, dimensions] and [n, classes]. All batches should be of one size. */
  extract(images: Uint8Array, n: number, shape: ImageShape): Promise<{ features: Float32Array; logits: Float32Array }>;
  dispose(): void;
}

/** Takes over the weights (of `foldedWeights`). Grey images are repeated in every channel. */
export function inceptionNetwork(
  engine: Compiler,
  weights: NamedTensors,
  compile: CompileOptions = {},
  layer: FeatureLayer = 2048,
): FeatureNetwork {
  const step = engine.compile(
    (state: NamedTensors, { images }: { images: Tensor4D }) => {
      const { features, logits } = inception(state, images);
      return { state, outputs: { features: features[layer], logits } };
    },
    weights,
    compile,
  );
  return {
    name: layer === 2048 ? 'Inception-v3 (2015-12-05)' : `Inception-v3 (2015-12-05), layer of ${layer}`,
    dimensions: layer,
    classes: inceptionOutputs,
    async extract(images, n, [height, width, channels]) {
      if (channels !== 3 && channels !== 1)
        throw new AppError('BAD_DATA', `Inception looks at grey or colour images; these have ${channels} channels.`);
      const x = tf.tidy(() => {
        const given = tf.tensor4d(Float32Array.from(images), [n, height, width, channels]);
        return channels === 3 ? given : tf.tile(given, [1, 1, 1, 3]);
      });
      const { features, logits } = step.run({ images: x }, key(0, 'inception'));
      const found = {
        features: (await features.data<'float32'>()).slice(),
        logits: (await logits.data<'float32'>()).slice(),
      };
      tf.dispose([x, features, logits]);
      return found;
    },
    dispose: () => step.dispose(),
  };
}
