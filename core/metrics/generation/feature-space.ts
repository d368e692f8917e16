/**
 * The networks in whose features sets are compared, and what results are called there. Only Inception's last pool gives an FID, a KID, an
 * Inception Score; the same formulas elsewhere are named after the network.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { type ImageShape, valuesOf } from '../../data/dataset';
import type { CompileOptions, Compiler, NamedTensors } from '../../engine/engine';
import { AppError } from '../../lib/errors';
import { key } from '../../lib/key';
import type { FeatureNetwork } from '../../models/inception/extractor';
import { type Model, type Weights, classifier, cloned, inParts } from '../../models/model';
import { splitSource } from '../ood-sources';

export interface FeatureSpace {
  readonly network: FeatureNetwork;
  /** How to name the Fréchet distance, the kernel distance and the score. */
  readonly titles: { readonly frechet: string; readonly kernel: string; readonly score: string };
}

/** Inception's pool3, as `openInception` gives it. */
export const inceptionSpace = (network: FeatureNetwork): FeatureSpace => ({
  network,
  titles: { frechet: 'FID', kernel: 'KID', score: 'Inception Score' },
});

/**
 * What a classifier's last linear layer sees. Images of other sizes are interpolated, colour and grey turned into each other.
 * @throws AppError BAD_OPTION for a model that does not end in a linear layer. The weights stay the caller's.
 */
export function classifierSpace(
  engine: Compiler,
  name: string,
  model: Model,
  weights: Weights,
  compile: CompileOptions = {},
): FeatureSpace {
  return {
    network: penultimate(engine, name, model, weights, compile),
    titles: {
      frechet: `Fréchet distance in features of ${name}`,
      kernel: `kernel distance in features of ${name}`,
      score: `score of Inception's formula by the classes of ${name}`,
    },
  };
}

const [headWeight, headBias] = ['head/weight', 'head/bias'] as const;

/** The same network with the identity as its last layer gives what that layer sees. */
function penultimate(
  engine: Compiler,
  name: string,
  model: Model,
  weights: Weights,
  compile: CompileOptions,
): FeatureNetwork {
  const { weight, bias } = lastLayer(name, model, weights);
  const [d, { classes }] = [weight.tensor.shape[0] ?? 0, model];
  const state: NamedTensors = {
    ...cloned(weights),
    [headWeight]: weight.tensor.clone(),
    [headBias]: bias.tensor.clone(),
  };
  tf.dispose([state[weight.name], state[bias.name]].filter((tensor) => tensor !== undefined));
  state[weight.name] = tf.eye(d);
  state[bias.name] = tf.zeros([d]);
  const step = engine.compile(
    (held: NamedTensors, { x }: { x: Tensor4D }) => {
      const { [headWeight]: w, [headBias]: b, ...others } = held;
      const features = inParts(classifier(model, others), engine.parts).logits(x);
      const logits = w && b ? tf.add<Tensor2D>(tf.matMul(features, w as Tensor2D), b as Tensor1D) : features;
      return { state: held, outputs: { features, logits } };
    },
    state,
    compile,
  );
  return {
    name,
    dimensions: d,
    classes,
    async extract(images, n, shape) {
      const x = tf.tensor4d(pixelsFor(model.inputShape, images, n, shape), [n, ...model.inputShape]);
      const { features, logits } = step.run({ x }, key(0, 'features'));
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

const pixelsFor = (wanted: ImageShape, images: Uint8Array, n: number, shape: ImageShape): Float32Array =>
  splitSource(
    'the set',
    { shape, size: n, labels: new Int32Array(n), pixels: images.subarray(0, n * valuesOf(shape)) },
    n,
    wanted,
  ).pixels(0, n);

interface Named {
  readonly name: string;
  readonly tensor: Tensor;
}

function lastLayer(name: string, { parameters, classes }: Model, weights: Weights): { weight: Named; bias: Named } {
  const [weight, bias] = parameters
    .slice(-2)
    .map((parameter) => ({ name: parameter.name, tensor: weights[parameter.name] }));
  if (
    !weight?.tensor ||
    !bias?.tensor ||
    weight.tensor.rank !== 2 ||
    weight.tensor.shape[1] !== classes ||
    bias.tensor.shape.join() !== String(classes)
  )
    throw new AppError(
      'BAD_OPTION',
      `'${name}' does not end in a linear layer, whose input its features are.`,
      'Choose another model.',
    );
  return { weight: { ...weight, tensor: weight.tensor }, bias: { ...bias, tensor: bias.tensor } };
}
