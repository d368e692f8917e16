/** Both gradients of conv2d with explicit padding: TensorFlow's ops take it, the shipped kernels of tfjs-node refuse it. */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { Composition } from './kernels';

type Geometry = ReturnType<typeof tf.backend_util.computeConv2DInfo>;
type Attributes = Pick<tf.Conv2DBackpropInputAttrs, 'strides' | 'pad' | 'dataFormat' | 'dimRoundingMode'>;
type Shape4 = [number, number, number, number];

const geometry = (x: readonly number[], filter: readonly number[], attributes: Attributes): Geometry =>
  tf.backend_util.computeConv2DInfo(
    [...x] as Shape4,
    [...filter] as Shape4,
    attributes.strides,
    1,
    attributes.pad,
    attributes.dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(attributes.dataFormat),
  );

/** dx (op Conv2DBackpropInput) from filter and dy, or dw (op Conv2DBackpropFilter) from x and dy. */
function gradient(
  backend: NodeJSKernelBackend,
  op: 'Conv2DBackpropInput' | 'Conv2DBackpropFilter',
  operand: tf.TensorInfo,
  dy: tf.TensorInfo,
  { padInfo, strideHeight, strideWidth, inShape, filterShape, dataFormat }: Geometry,
): tf.Tensor {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_BOOL, TF_FLOAT } = backend.binding;
  const inputGradient = op === 'Conv2DBackpropInput';
  const around = [padInfo.top, padInfo.bottom, padInfo.left, padInfo.right];
  const nhwc = dataFormat === 'channelsLast';
  const explicit = nhwc ? [0, 0, ...around, 0, 0] : [0, 0, 0, 0, ...around];
  const strides = nhwc ? [1, strideHeight, strideWidth, 1] : [1, 1, strideHeight, strideWidth];
  return tf.tidy(() => {
    const sizes = tf.tensor1d(inputGradient ? inShape : filterShape, 'int32');
    return backend.executeSingleOutput(
      op,
      [
        { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
        { name: 'strides', type: TF_ATTR_INT, value: strides },
        { name: 'padding', type: TF_ATTR_STRING, value: padInfo.type },
        { name: 'explicit_paddings', type: TF_ATTR_INT, value: padInfo.type === 'EXPLICIT' ? explicit : [] },
        { name: 'data_format', type: TF_ATTR_STRING, value: nhwc ? 'NHWC' : 'NCHW' },
        { name: 'use_cudnn_on_gpu', type: TF_ATTR_BOOL, value: true },
        { name: 'dilations', type: TF_ATTR_INT, value: [1, 1, 1, 1] },
      ],
      inputGradient ? [sizes, operand, dy] : [operand, sizes, dy],
    );
  });
}

/** Both kernels, to stand in the place of the shipped ones. */
export const convolutionGradients = (backend: NodeJSKernelBackend): readonly Composition[] => [
  {
    name: tf.Conv2DBackpropInput,
    inputs: ['dy', 'filter'],
    run: (inputs, attributes) => {
      const [dy, filter] = inputs as [tf.Tensor, tf.Tensor];
      const given = attributes as Attributes & Pick<tf.Conv2DBackpropInputAttrs, 'inputShape'>;
      return gradient(backend, 'Conv2DBackpropInput', filter, dy, geometry(given.inputShape, filter.shape, given));
    },
  },
  {
    name: tf.Conv2DBackpropFilter,
    inputs: ['x', 'dy'],
    run: (inputs, attributes) => {
      const [x, dy] = inputs as [tf.Tensor, tf.Tensor];
      const given = attributes as Attributes & Pick<tf.Conv2DBackpropFilterAttrs, 'filterShape'>;
      return gradient(backend, 'Conv2DBackpropFilter', x, dy, geometry(x.shape, given.filterShape, given));
    },
  },
];
