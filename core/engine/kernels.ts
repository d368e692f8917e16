/** Kernels made of other kernels: what a tfjs backend lacks, or has only slowly, is composed from ops it is good at. */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** A kernel over the tensor inputs in the order that `inputs` names them; `shipped` runs the kernel that it replaces. */
export interface Composition {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly run: (
    inputs: Tensor[],
    attributes: NamedAttrMap,
    shipped: (inputs: NamedTensorMap, attributes: NamedAttrMap) => Tensor,
  ) => Tensor;
}

/** Registers the composition on a backend, in place of the kernel that is there; ops inside are not recorded for gradients. */
export function registerComposition(backendName: string, { name, inputs, run }: Composition): void {
  const shipped = tf.getKernel(name, backendName);
  if (shipped) tf.unregisterKernel(name, backendName);
  tf.registerKernel({
    ...shipped,
    kernelName: name,
    backendName,
    kernelFunc: ({ inputs: given, attrs = {}, backend }) =>
      tf.tidy(() =>
        run(
          inputs.map((input) => asTensor(given[input], name)),
          attrs,
          (others, attributes) => asTensor(shipped?.kernelFunc({ inputs: others, attrs: attributes, backend }), name),
        ),
      ),
  });
}

function asTensor(info: TensorInfo | TensorInfo[] | undefined, kernel: string): Tensor {
  if (info instanceof tf.Tensor) return info;
  if (!info || Array.isArray(info)) throw new Error(`kernel ${kernel} misses one of its tensors`);
  return tf.engine().makeTensorFromTensorInfo(info);
}
