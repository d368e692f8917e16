/**
 * The weights of Inception-v3 from a file of the PyTorch conversion (weights-inception-2015-12-05): each tensor by name and shape,
 * nothing more, nothing less; batch norms folded into what lies before them.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { AppError } from '../../lib/errors';
import type { RawTensor } from '../safetensors';
import { inceptionOutputs } from './graph';

const epsilon = 1e-3;

interface Convolution {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: readonly [height: number, width: number];
}

/** All convolutions with the shapes of the published network. */
export function convolutions(): Convolution[] {
  const found: Convolution[] = [];
  const add = (name: string, inputs: number, outputs: number, height = 1, width = height) =>
    found.push({ name, inputs, outputs, kernel: [height, width] });
  add('Conv2d_1a_3x3', 3, 32, 3);
  add('Conv2d_2a_3x3', 32, 32, 3);
  add('Conv2d_2b_3x3', 32, 64, 3);
  add('Conv2d_3b_1x1', 64, 80);
  add('Conv2d_4a_3x3', 80, 192, 3);
  for (const [block, inputs, pool] of [
    ['Mixed_5b', 192, 32],
    ['Mixed_5c', 256, 64],
    ['Mixed_5d', 288, 64],
  ] as const) {
    add(`${block}.branch1x1`, inputs, 64);
    add(`${block}.branch5x5_1`, inputs, 48);
    add(`${block}.branch5x5_2`, 48, 64, 5);
    add(`${block}.branch3x3dbl_1`, inputs, 64);
    add(`${block}.branch3x3dbl_2`, 64, 96, 3);
    add(`${block}.branch3x3dbl_3`, 96, 96, 3);
    add(`${block}.branch_pool`, inputs, pool);
  }
  add('Mixed_6a.branch3x3', 288, 384, 3);
  add('Mixed_6a.branch3x3dbl_1', 288, 64);
  add('Mixed_6a.branch3x3dbl_2', 64, 96, 3);
  add('Mixed_6a.branch3x3dbl_3', 96, 96, 3);
  for (const [block, c7] of [
    ['Mixed_6b', 128],
    ['Mixed_6c', 160],
    ['Mixed_6d', 160],
    ['Mixed_6e', 192],
  ] as const) {
    add(`${block}.branch1x1`, 768, 192);
    add(`${block}.branch7x7_1`, 768, c7);
    add(`${block}.branch7x7_2`, c7, c7, 1, 7);
    add(`${block}.branch7x7_3`, c7, 192, 7, 1);
    add(`${block}.branch7x7dbl_1`, 768, c7);
    add(`${block}.branch7x7dbl_2`, c7, c7, 7, 1);
    add(`${block}.branch7x7dbl_3`, c7, c7, 1, 7);
    add(`${block}.branch7x7dbl_4`, c7, c7, 7, 1);
    add(`${block}.branch7x7dbl_5`, c7, 192, 1, 7);
    add(`${block}.branch_pool`, 768, 192);
  }
  add('Mixed_7a.branch3x3_1', 768, 192);
  add('Mixed_7a.branch3x3_2', 192, 320, 3);
  add('Mixed_7a.branch7x7x3_1', 768, 192);
  add('Mixed_7a.branch7x7x3_2', 192, 192, 1, 7);
  add('Mixed_7a.branch7x7x3_3', 192, 192, 7, 1);
  add('Mixed_7a.branch7x7x3_4', 192, 192, 3);
  for (const [block, inputs] of [
    ['Mixed_7b', 1280],
    ['Mixed_7c', 2048],
  ] as const) {
    add(`${block}.branch1x1`, inputs, 320);
    add(`${block}.branch3x3_1`, inputs, 384);
    add(`${block}.branch3x3_2a`, 384, 384, 1, 3);
    add(`${block}.branch3x3_2b`, 384, 384, 3, 1);
    add(`${block}.branch3x3dbl_1`, inputs, 448);
    add(`${block}.branch3x3dbl_2`, 448, 384, 3);
    add(`${block}.branch3x3dbl_3a`, 384, 384, 1, 3);
    add(`${block}.branch3x3dbl_3b`, 384, 384, 3, 1);
    add(`${block}.branch_pool`, inputs, 192);
  }
  return found;
}

/** Names and shapes (OIHW, [out, in]) that a file must hold. */
export const inceptionShapes = (): Map<string, readonly number[]> =>
  new Map([
    ...convolutions().flatMap(({ name, inputs, outputs, kernel }): [string, readonly number[]][] => [
      [`${name}.conv.weight`, [outputs, inputs, ...kernel]],
      ...['weight', 'bias', 'running_mean', 'running_var'].map((part): [string, readonly number[]] => [
        `${name}.bn.${part}`,
        [outputs],
      ]),
    ]),
    ['fc.weight', [inceptionOutputs, 2048]],
    ['fc.bias', [inceptionOutputs]],
  ]);

/** What a file holds of the network, in order. @throws AppError BAD_FILE naming the first that is missing, has another shape, or is not finite. */
export function inceptionTensors(
  tensors: Readonly<Record<string, RawTensor>>,
  where: string,
): Record<string, RawTensor> {
  const own: Record<string, RawTensor> = {};
  for (const [name, shape] of inceptionShapes()) {
    const tensor = tensors[name];
    const found = tensor ? `[${tensor.shape.join(', ')}]` : 'nothing';
    if (tensor?.shape.join() !== shape.join())
      throw new AppError(
        'BAD_FILE',
        `'${where}' is no Inception-v3: it has ${found} for '${name}', which is [${shape.join(', ')}].`,
        'Take weights-inception-2015-12-05-6726825d.pth of torch-fidelity.',
      );
    if (tensor.data.some((value) => !Number.isFinite(value)))
      throw new AppError('BAD_FILE', `'${where}' has a value in '${name}' that is not finite.`, 'Get the file again.');
    own[name] = tensor;
  }
  return own;
}

/** The weights of `inception`, on the engine: HWIO with the batch norm inside, its shift as '<name>.bias', fc [2048, 1008]. The caller disposes them. */
export const foldedWeights = (tensors: Readonly<Record<string, RawTensor>>): Record<string, Tensor> => {
  const of = (name: string) => {
    const tensor = tensors[name];
    if (!tensor) throw new AppError('BAD_WEIGHTS', `The weights hold no '${name}'.`);
    return tensor;
  };
  const made: Record<string, Tensor> = {};
  for (const { name, outputs, kernel, inputs } of convolutions()) {
    const part = (of_: string) => of(`${name}.bn.${of_}`).data;
    const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(part);
    const scale = Float64Array.from(
      { length: outputs },
      (_, o) => (weight?.[o] ?? NaN) / Math.sqrt((variance?.[o] ?? NaN) + epsilon),
    );
    const shift = Float32Array.from(
      { length: outputs },
      (_, o) => (bias?.[o] ?? NaN) - (mean?.[o] ?? NaN) * (scale[o] ?? NaN),
    );
    const [height, width] = kernel;
    const { data } = of(`${name}.conv.weight`);
    const area = height * width;
    const folded = new Float32Array(data.length);
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < inputs; i++)
        for (let at = 0; at < area; at++)
          folded[(at * inputs + i) * outputs + o] = (data[(o * inputs + i) * area + at] ?? NaN) * (scale[o] ?? NaN);
    made[`${name}.conv.weight`] = tf.tensor4d(folded, [height, width, inputs, outputs]);
    made[`${name}.bias`] = tf.tensor1d(shift);
  }
  made['fc.weight'] = tf.tidy(() =>
    tf.transpose(tf.tensor2d(Float32Array.from(of('fc.weight').data), [inceptionOutputs, 2048])),
  );
  return made;
};
