/**
 * A model is a pure function from (weights, x) to logits plus a list of named weights; nothing is hidden, so it can be
 * checkpointed, averaged, perturbed and compiled. Weights are kept as PyTorch names and tfjs layouts (HWIO, [in, out]).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ImageShape } from '../data/dataset';
import type { CompileOptions, CompiledStep, Compiler, NamedTensors, Random } from '../engine/engine';
import { inRegion } from '../engine/region';
import type { Schema, Values } from '../lib/options';
import type { Entry } from '../lib/registry';
import type { Graph } from './onnx/graph';

export type Weights = Readonly<Record<string, Tensor>>;

export interface Parameter {
  /** As in the PyTorch reference, for example 'layer1.0.conv1.weight'. */
  readonly name: string;
  /** In tfjs layout. */
  readonly shape: readonly number[];
  /** Batch-norm running statistics are kept with the weights but not trained. */
  readonly trainable: boolean;
  /** Value at the start of training, from a stream of its own. */
  readonly init: (random: Random) => Tensor;
}

/**
 * Batch norm: 'eval' uses running statistics; 'train' those of the batch, and reports new running ones to `collect`, which must
 * `tf.keep` what it wants: the tensors live only during the call.
 */
export interface Mode {
  readonly norm: 'eval' | 'train';
  readonly collect?: (name: string, value: Tensor) => void;
}

export const evalMode: Mode = { norm: 'eval' };

export interface Model {
  /** Registry id, with the options that made it: enough to build the same model again. */
  readonly architecture: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShape: ImageShape;
  readonly classes: number;
  readonly parameters: readonly Parameter[];
  /** x [n, h, w, c] in [0,1] -> logits [n, classes]. The model owns its normalisation. */
  logits(weights: Weights, x: Tensor4D, mode?: Mode): Tensor2D;
  /** Writes logits of the value x, [n, c, h, w] in [0,1], into a graph of ONNX operators. */
  write(x: string, graph: Graph): string;
  /** Fresh weights; the caller disposes them. */
  init(random: Random): Weights;
}

/** A model with its weights: what attacks, samplers and surfaces work on. */
export interface Classifier {
  readonly classes: number;
  readonly inputShape: ImageShape;
  /** What the logits are computed from. */
  readonly weights: Weights;
  logits(x: Tensor4D): Tensor2D;
  /** The same with other weights of these names and shapes. */
  having(weights: Weights): Classifier;
}

export interface ModelEntry<S extends Schema = Schema> extends Entry<S> {
  build(options: Values<S>, inputShape: ImageShape, classes: number): Model;
}

export const defineModel = <S extends Schema>(entry: ModelEntry<S>): ModelEntry<S> => entry;

/** Numbers that are trained: running statistics are not counted, as in the literature. */
export const parameterCount = ({ parameters }: Pick<Model, 'parameters'>): number =>
  parameters
    .filter(({ trainable }) => trainable)
    .reduce((total, { shape }) => total + shape.reduce((product, n) => product * n, 1), 0);

/** Binds weights (and a batch-norm mode) to a model. */
export const classifier = (model: Model, weights: Weights, mode: Mode = evalMode): Classifier => ({
  classes: model.classes,
  inputShape: model.inputShape,
  weights,
  logits: (x) => model.logits(weights, x, mode),
  having: (others) => classifier(model, others, mode),
});

/** The same logits, computed in independent parts of the batch that can run side by side; only where examples do not mix. */
export const inParts = (model: Classifier, parts: number): Classifier =>
  parts === 1
    ? model
    : {
        ...model,
        logits(x) {
          const n = x.shape[0];
          if (n < 2 * parts) return model.logits(x);
          const sizes = Array.from({ length: parts }, (_, i) => Math.ceil((n - i) / parts));
          return tf.concat(tf.split<Tensor4D>(x, sizes).map((part) => model.logits(part)));
        },
        having: (weights) => inParts(model.having(weights), parts),
      };

/** Whether batch norm in training mixes the examples of a batch. */
export const mixes = ({ parameters }: Model): boolean => parameters.some(({ trainable }) => !trainable);

/** A pure function of a classifier and tensors. */
export type Use<I extends NamedTensors, O extends NamedTensors> = (model: Classifier, inputs: I, random: Random) => O;

/** Compiles such a function with the weights as its state: new ones can be loaded, and the model's own stay the caller's. */
export const compileWith = <I extends NamedTensors, O extends NamedTensors>(
  engine: Compiler,
  model: Classifier,
  use: Use<I, O>,
  options?: CompileOptions,
): CompiledStep<NamedTensors, I, O> =>
  engine.compile(
    (weights: NamedTensors, inputs: I, random) => ({
      state: weights,
      outputs: inRegion('points', () => use(inParts(model.having(weights), engine.parts), inputs, random)),
    }),
    cloned(model.weights),
    options,
  );

/** Tensors of their own over the same numbers. */
export const cloned = (weights: Weights): NamedTensors =>
  Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [name, tensor.clone()]));
