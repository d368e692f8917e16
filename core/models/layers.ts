/**
 * Layers as pure functions with named parameters. Flattening goes channel by channel, as PyTorch's, so that linear weights fit files
 * unchanged. Each layer also writes itself into a graph of ONNX operators, so that no network is described twice.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import { uniformFanIn } from './init';
import type { Mode, Parameter, Weights } from './model';
import type { Graph } from './onnx/graph';

export interface Layer<In extends Tensor = Tensor4D, Out extends Tensor = Tensor4D> {
  readonly parameters: readonly Parameter[];
  apply(x: In, weights: Weights, mode: Mode): Out;
  /** Writes what it does in eval mode; x and the result are values of the graph, images as [n, c, h, w]. */
  write(x: string, graph: Graph): string;
}

/** @throws AppError BAD_WEIGHTS when there is no weight of that name. */
export function weightOf<T extends Tensor>(weights: Weights, name: string): T {
  const weight = weights[name];
  if (!weight) throw new AppError('BAD_WEIGHTS', `The weights hold no '${name}'.`);
  return weight as T;
}

/** Layers one after the other. */
export const sequence = <T extends Tensor = Tensor4D>(layers: readonly Layer<T, T>[]): Layer<T, T> => ({
  parameters: layers.flatMap((layer) => layer.parameters),
  apply: (x, weights, mode) => layers.reduce((value, layer) => layer.apply(value, weights, mode), x),
  write: (x, graph) => layers.reduce((value, layer) => layer.write(value, graph), x),
});

/** The one, then the other, of another rank. */
export const joined = <A extends Tensor, B extends Tensor, C extends Tensor>(
  first: Layer<A, B>,
  second: Layer<B, C>,
): Layer<A, C> => ({
  parameters: [...first.parameters, ...second.parameters],
  apply: (x, weights, mode) => second.apply(first.apply(x, weights, mode), weights, mode),
  write: (x, graph) => second.write(first.write(x, graph), graph),
});

/** main(x) + side(x). */
export const sum = <In extends Tensor, Out extends Tensor>(
  main: Layer<In, Out>,
  side: Layer<In, Out>,
): Layer<In, Out> => ({
  parameters: [...main.parameters, ...side.parameters],
  apply: (x, weights, mode) => tf.add(main.apply(x, weights, mode), side.apply(x, weights, mode)),
  write: (x, graph) => graph.node('Add', [main.write(x, graph), side.write(x, graph)]),
});

export const identity: Layer = { parameters: [], apply: (x) => x, write: (x) => x };

export function linear(name: string, inputs: number, outputs: number): Layer<Tensor2D, Tensor2D> {
  const [weight, bias] = [`${name}.weight`, `${name}.bias`];
  return {
    parameters: [
      { name: weight, shape: [inputs, outputs], trainable: true, init: uniformFanIn([inputs, outputs], inputs) },
      { name: bias, shape: [outputs], trainable: true, init: uniformFanIn([outputs], inputs) },
    ],
    apply: (x, weights) => tf.add<Tensor2D>(tf.matMul(x, weightOf<Tensor2D>(weights, weight)), weightOf(weights, bias)),
    write: (x, graph) => graph.node('Gemm', [x, weight, bias], { transB: 1 }),
  };
}

/** [n, h, w, c] -> [n, c * h * w], in PyTorch's order (c, h, w). */
export const flatten: Layer<Tensor4D, Tensor2D> = {
  parameters: [],
  apply(x) {
    const [n, height, width, channels] = x.shape;
    const ordered = height * width === 1 || channels === 1 ? x : tf.transpose(x, [0, 3, 1, 2]);
    return tf.reshape(ordered, [n, height * width * channels]);
  },
  write: (x, graph) => graph.node('Flatten', [x], { axis: 1 }),
};

/** [n, h, w, c] -> [n, c]: the mean over the image. */
export const globalMean: Layer<Tensor4D, Tensor2D> = {
  parameters: [],
  apply: (x) => tf.mean(x, [1, 2]),
  write: (x, graph) => graph.node('Flatten', [graph.node('GlobalAveragePool', [x])], { axis: 1 }),
};
