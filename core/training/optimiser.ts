/** Optimisers as pure init/update pairs over named tensors, after Sutskever et al. 2013 (SGD), Kingma & Ba 2015, Loshchilov & Hutter 2019. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../engine/engine';
import { type Schema, type Values, flag, real } from '../lib/options';
import { type Entry, Registry } from '../lib/registry';

interface Update {
  readonly weights: NamedTensors;
  readonly slots: NamedTensors;
}

export interface OptimiserEntry<S extends Schema = Schema> extends Entry<S> {
  /** Names of the slots kept for each weight, all starting at zero. */
  readonly slotKinds: readonly string[];
  /** One step. `slots` are named 'kind:weight'; `lr` and `t` (steps done so far) are scalars so that a compiled step can take new values. */
  update(
    weights: NamedTensors,
    gradients: NamedTensors,
    slots: NamedTensors,
    lr: Scalar,
    t: Scalar,
    options: Values<S>,
  ): Update;
}

const define = <S extends Schema>(entry: OptimiserEntry<S>): OptimiserEntry<S> => entry;
const learningRate = (value: number) => real(value, 'Learning rate at the peak of the schedule.', { min: 0 });
const decay = real(0, 'Weight decay.', { min: 0 });

const pick = (tensors: NamedTensors, name: string): Tensor => {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`optimiser: no tensor '${name}'`);
  return tensor;
};

const sgd = define({
  id: 'sgd',
  title: 'SGD',
  summary: 'Stochastic gradient descent with momentum.',
  reference: 'Sutskever et al. 2013',
  slotKinds: ['momentum'],
  options: {
    lr: learningRate(0.1),
    momentum: real(0.9, 'Momentum.', { min: 0, max: 1 }),
    nesterov: flag(false, 'Look ahead along the momentum.'),
    weightDecay: decay,
  },
  update(weights, gradients, slots, lr, _t, { momentum, nesterov, weightDecay }) {
    const next: Update = { weights: {}, slots: {} };
    for (const [name, weight] of Object.entries(weights)) {
      const plain = pick(gradients, name);
      const gradient = weightDecay > 0 ? tf.add(plain, tf.mul(weight, weightDecay)) : plain;
      const velocity = tf.add(tf.mul(pick(slots, `momentum:${name}`), momentum), gradient);
      next.slots[`momentum:${name}`] = velocity;
      next.weights[name] = tf.sub(
        weight,
        tf.mul(lr, nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity),
      );
    }
    return next;
  },
});

const adamUpdate =
  (decoupled: boolean) =>
  (
    weights: NamedTensors,
    gradients: NamedTensors,
    slots: NamedTensors,
    lr: Scalar,
    t: Scalar,
    options: AdamOptions,
  ): Update => {
    const { beta1, beta2, epsilon, weightDecay } = options;
    const next: Update = { weights: {}, slots: {} };
    const age = tf.add(t, 1);
    const correction1 = tf.sub(1, tf.pow(beta1, age));
    const correction2 = tf.sub(1, tf.pow(beta2, age));
    for (const [name, weight] of Object.entries(weights)) {
      const plain = pick(gradients, name);
      const gradient = weightDecay > 0 && !decoupled ? tf.add(plain, tf.mul(weight, weightDecay)) : plain;
      const m = tf.add(tf.mul(pick(slots, `m:${name}`), beta1), tf.mul(gradient, 1 - beta1));
      const v = tf.add(tf.mul(pick(slots, `v:${name}`), beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const direction = tf.div(tf.div(m, correction1), tf.add(tf.sqrt(tf.div(v, correction2)), epsilon));
      const kept = weightDecay > 0 && decoupled ? tf.mul(weight, tf.sub(1, tf.mul(lr, weightDecay))) : weight;
      next.slots[`m:${name}`] = m;
      next.slots[`v:${name}`] = v;
      next.weights[name] = tf.sub(kept, tf.mul(lr, direction));
    }
    return next;
  };

const adamOptions = {
  lr: learningRate(1e-3),
  beta1: real(0.9, 'Decay of the mean gradient.', { min: 0, max: 1 }),
  beta2: real(0.999, 'Decay of the mean squared gradient.', { min: 0, max: 1 }),
  epsilon: real(1e-8, 'Added to the root of the mean square.', { min: 0 }),
  weightDecay: decay,
};
type AdamOptions = Values<typeof adamOptions>;

const adam = define({
  id: 'adam',
  title: 'Adam',
  summary: 'Adaptive moments; weight decay as L2.',
  reference: 'arXiv 1412.6980',
  slotKinds: ['m', 'v'],
  options: adamOptions,
  update: adamUpdate(false),
});

const adamw = define({
  id: 'adamw',
  title: 'AdamW',
  summary: 'Adaptive moments; decoupled weight decay.',
  reference: 'arXiv 1711.05101',
  slotKinds: ['m', 'v'],
  options: adamOptions,
  update: adamUpdate(true),
});

export const optimiserRegistry = new Registry<OptimiserEntry>('optimiser', [sgd, adam, adamw]);

/** Zero slots for the weights. */
export const initialSlots = (entry: OptimiserEntry, weights: NamedTensors): NamedTensors =>
  Object.fromEntries(
    entry.slotKinds.flatMap((kind) =>
      Object.entries(weights).map(([name, weight]) => [`${kind}:${name}`, tf.zerosLike(weight)]),
    ),
  );
