/**
 * Attacks of many steps with a memory (APGD, FAB, Square, …), written so that they run a compiled step a call and can go on with only
 * the examples that still stand. All that such an attack remembers are named tensors whose first dimension is the example.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors, Random } from '../engine/engine';
import type { Schema } from '../lib/options';
import type { Classifier } from '../models/model';
import type { AttackEntry } from './attack';

/** Scalars (float32, shape []) that change from call to call, and so are fed to the step. */
export type Numbers = Readonly<Record<string, Tensor>>;

export interface Walk<S extends NamedTensors = NamedTensors> {
  /** Restarts or targets, one after the other, each on what the ones before left standing. */
  readonly rounds: number;
  /** Steps of a round. */
  readonly steps: number;
  /** The state at the start of a round, for x [n, h, w, c] and y int32 [n]; `round` is an int32 scalar. It keeps what steps need of x and y. */
  start(model: Classifier, x: Tensor4D, y: Tensor1D, round: Tensor, random: Random): S;
  /** What step k (from 0) is told besides the state, the same names for every k; it may depend on k only. */
  numbers(k: number): Readonly<Record<string, number>>;
  /** One step, pure. It may draw for all examples together, or as many as the state has rows. */
  step(model: Classifier, state: S, numbers: Numbers, random: Random): S;
  /** Where it is, [n, h, w, c] in [0,1]; not always within the ball. */
  at(state: S): Tensor4D;
  /** Adversarial images [n, h, w, c] in the ball and [0,1]; x where none is found. */
  reached(state: S): Tensor4D;
  /** Whether an adversarial image is found, bool [n]. Once true it stays true. */
  fallen(state: S): Tensor1D;
}

/** An attack that walks: `run` follows from it. */
export const defineWalk = <S extends Schema>(
  entry: Omit<AttackEntry<S>, 'run' | 'walk'> & Required<Pick<AttackEntry<S>, 'walk'>>,
): typeof entry & AttackEntry<S> => ({
  ...entry,
  run: (model, x, y, options, random) => tf.tidy(() => walkThrough(entry.walk(options, model), model, x, y, random)),
});

/** The streams of round r: its start, and its step k. */
export const roundStream = (round: number): string => `${round}/start`;
export const stepStream = (round: number, k: number): string => `${round}/${k}`;

/** Every round on every example; the first adversarial image of each stays. */
function walkThrough(walk: Walk, model: Classifier, x: Tensor4D, y: Tensor1D, random: Random): Tensor4D {
  let reached = tf.clone(x);
  let fallen: Tensor1D = tf.zeros([x.shape[0]], 'bool');
  for (let round = 0; round < walk.rounds; round++) {
    [reached, fallen] = tf.tidy((): [Tensor4D, Tensor1D] => {
      const state = walkRound(walk, model, x, y, round, random);
      const found = tf.logicalAnd<Tensor1D>(walk.fallen(state), tf.logicalNot(fallen));
      return [
        tf.where<Tensor4D>(tf.reshape(found, [-1, 1, 1, 1]), walk.reached(state), reached),
        tf.logicalOr<Tensor1D>(fallen, found),
      ];
    });
  }
  return reached;
}

function walkRound(walk: Walk, model: Classifier, x: Tensor4D, y: Tensor1D, round: number, random: Random) {
  let state = tf.tidy(() => walk.start(model, x, y, tf.scalar(round, 'int32'), random.fork(roundStream(round))));
  for (let k = 0; k < walk.steps; k++) {
    const next = tf.tidy(() => walk.step(model, state, scalars(walk.numbers(k)), random.fork(stepStream(round, k))));
    const carried = new Set(Object.values(next).map(({ id }) => id));
    for (const tensor of Object.values(state)) if (!carried.has(tensor.id)) tensor.dispose();
    state = next;
  }
  return state;
}

/** Numbers as float32 scalars; the caller disposes them. */
export const scalars = (numbers: Readonly<Record<string, number>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value, 'float32')]));
