/** Kernels made of other kernels: what a tfjs backend lacks, or has only slowly, is composed from ops it is good at. */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** A kernel over the tensor inputs in the order that `inputs` names them. */
export interface Composition {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly run: (inputs: Tensor[], attributes: NamedAttrMap) => Tensor;
}

/** Registers the composition on a backend, in place of the kernel that is there; ops inside are not recorded for gradients. */
export function registerComposition(backendName: string, { name, inputs, run }: Composition): void {
  if (tf.getKernel(name, backendName)) tf.unregisterKernel(name, backendName);
  tf.registerKernel({
    kernelName: name,
    backendName,
    kernelFunc: (given) =>
      tf.tidy(() =>
        run(
          inputs.map((input) => asTensor(given.inputs[input], name)),
          given.attrs ?? {},
        ),
      ),
  });
}

function asTensor(info: TensorInfo | undefined, kernel: string): Tensor {
  if (info instanceof tf.Tensor) return info;
  throw new Error(`kernel ${kernel} was called without one of its tensors`);
}
