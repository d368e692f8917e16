/** Gathering that reads no index back: the shipped kernel of tfjs-node looks at each of them first, which TensorFlow's op does itself. */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { Composition } from './kernels';

/** To stand in the place of the shipped kernel. An index that is none is an error on a processor, as before, and gives 0 on a GPU. */
export const gathering = (backend: NodeJSKernelBackend): Composition => ({
  name: tf.GatherV2,
  inputs: ['x', 'indices'],
  run: (inputs, attributes) => {
    const [x, indices] = inputs as [tf.Tensor, tf.Tensor];
    const { axis, batchDims } = attributes as Pick<tf.GatherV2Attrs, 'axis' | 'batchDims'>;
    const { TF_ATTR_TYPE, TF_ATTR_INT, TF_INT32 } = backend.binding;
    return backend.executeSingleOutput(
      'GatherV2',
      [
        { name: 'batch_dims', type: TF_ATTR_INT, value: batchDims },
        { name: 'Tparams', type: TF_ATTR_TYPE, value: backend.getDTypeInteger(x.dtype) },
        { name: 'Tindices', type: TF_ATTR_TYPE, value: backend.getDTypeInteger(indices.dtype) },
        { name: 'Taxis', type: TF_ATTR_TYPE, value: TF_INT32 },
      ],
      [x, indices, tf.scalar(axis, 'int32')],
    );
  },
});
