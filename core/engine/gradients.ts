/** Gradients that replace tfjs's own on every eager engine, where the shipped ones are slow or missing. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Leaky ReLU: dx = dy (1 if x > 0, else alpha), as one product instead of a comparison, a product and a choice. */
const leakyRelu: tf.GradConfig = {
  kernelName: tf.LeakyRelu,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], { alpha }) => ({ x: () => tf.mul(dy as Tensor, tf.step(x as Tensor, Number(alpha))) }),
};

/** Registers them; call it after tfjs's own are there. */
export function registerGradients(): void {
  for (const gradient of [leakyRelu]) {
    tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
}
