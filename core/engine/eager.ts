/** A step run op by op: the behaviour that every compiled form must equal. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import type { Key } from '../lib/key';
import type { CompiledStep, NamedTensors, Random, Step } from './engine';

/**
 * Binds a step to its state (whose tensors it takes over). A step that throws leaves the state as it was and no tensor behind; a
 * tensor that a step hands on as it came (an input as state, a state as output) is cloned, so that each has one owner.
 */
export function eagerStep<S extends NamedTensors, I extends NamedTensors, O extends NamedTensors>(
  step: Step<S, I, O>,
  initial: S,
  random: (key: Key) => Random,
): CompiledStep<S, I, O> {
  let state = initial;
  /** Disposes what the new state does not carry over. */
  const replace = (next: S) => {
    const kept = ids(next);
    for (const tensor of Object.values(state)) if (!kept.has(tensor.id)) tensor.dispose();
    state = next;
  };
  return {
    run(inputs, key) {
      const result = tf.tidy(() => {
        const { state: next, outputs } = step(state, inputs, random(key));
        const owned = ids(inputs);
        const ownState = owning(next, owned);
        for (const id of ids(state)) owned.add(id);
        return { next: ownState, outputs: owning(outputs, owned) };
      });
      replace(result.next);
      return result.outputs;
    },
    get state() {
      return state;
    },
    load(next) {
      checkState(state, next);
      replace(next);
    },
    dispose() {
      for (const tensor of Object.values(state)) tensor.dispose();
    },
  };
}

/** The state that a step was made for has these names, types and shapes. @throws AppError BAD_WEIGHTS naming the first that differs. */
export function checkState(wanted: NamedTensors, given: NamedTensors): void {
  const words = (tensor: Tensor | undefined) => (tensor ? `${tensor.dtype} [${tensor.shape.join(', ')}]` : 'nothing');
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(given)])) {
    const [is, should] = [words(given[name]), words(wanted[name])];
    if (is !== should)
      throw new AppError('BAD_WEIGHTS', `The state to load has ${is} for '${name}'; the step has ${should}.`);
  }
}

const ids = (tensors: NamedTensors): Set<number> => new Set(Object.values(tensors).map((tensor) => tensor.id));

/** The same tensors, kept beyond the current tidy; those in `owned` as clones. Adds its own to `owned`. */
function owning<T extends NamedTensors>(tensors: T, owned: Set<number>): T {
  const own = (tensor: Tensor): Tensor => {
    const mine = tf.keep(owned.has(tensor.id) ? tf.clone(tensor) : tensor);
    owned.add(mine.id);
    return mine;
  };
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, own(tensor)])) as T;
}
