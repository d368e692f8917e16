/** A step run op by op: the behaviour that every compiled form must equal. */
import * as tf from '@tensorflow/tfjs-core';
import type { Key } from '../lib/key';
import type { CompiledStep, NamedTensors, Random, Step } from './engine';

export function eagerStep<S extends NamedTensors, I extends NamedTensors, O extends NamedTensors>(
  step: Step<S, I, O>,
  initial: S,
  random: (key: Key) => Random,
): CompiledStep<S, I, O> {
  let state = initial;
  /** Disposes what the new state does not carry over. */
  const replace = (next: S) => {
    const kept = new Set(Object.values(next).map((tensor) => tensor.id));
    for (const tensor of Object.values(state)) if (!kept.has(tensor.id) && !tensor.isDisposed) tensor.dispose();
    state = next;
  };
  return {
    run(inputs, key) {
      const result = tf.tidy(() => {
        const { state: next, outputs } = step(state, inputs, random(key));
        for (const tensor of [...Object.values(next), ...Object.values(outputs)]) tf.keep(tensor);
        return { next, outputs };
      });
      replace(result.next);
      return result.outputs;
    },
    get state() {
      return state;
    },
    load: replace,
    dispose() {
      for (const tensor of Object.values(state)) tensor.dispose();
    },
  };
}
