/**
 * One training step as a pure function of (state, inputs): points -> loss -> gradients -> clipping -> optimiser -> EMA. The whole
 * method on one screen. State tensors are named 'weight:…', 'slot:kind:…' and 'ema:…'.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors, Random, Step } from '../engine/engine';
import { inRegion } from '../engine/region';
import type { Schema, Values } from '../lib/options';
import { type Model, type Weights, classifier, inParts, mixes } from '../models/model';
import type { BoundObjective } from '../objectives/registry';
import { clipByGlobalNorm, globalNorm, lossAndGradients } from './gradients';
import { type OptimiserEntry, initialSlots } from './optimiser';

export interface StepPlan {
  readonly model: Model;
  readonly objective: BoundObjective;
  readonly optimiser: { readonly entry: OptimiserEntry; readonly options: Values<Schema> };
  /** Global gradient norm to clip to; 0 for none. */
  readonly clip: number;
  /** EMA decay of the weights; 0 for none. */
  readonly ema: number;
  /** Independent parts that a batch is computed in; see `inParts`. */
  readonly parts?: number;
}

/** `t` counts steps done; `lr` is the scheduled rate; chains only for objectives with negatives. */
export type StepInputs = { x: Tensor; y: Tensor; lr: Tensor; t: Tensor; chainX?: Tensor; chainY?: Tensor };

export const part = (tensors: NamedTensors, prefix: string): NamedTensors =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
const label = (tensors: NamedTensors, prefix: string): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

export function initialState(plan: StepPlan, weights: Weights): NamedTensors {
  const trainable = trainableOf(plan.model, weights);
  const ema =
    plan.ema > 0 ? Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [name, tensor.clone()])) : {};
  return {
    ...label({ ...weights }, 'weight:'),
    ...label(initialSlots(plan.optimiser.entry, trainable), 'slot:'),
    ...label(ema, 'ema:'),
  };
}

function trainableOf(model: Model, weights: Weights): NamedTensors {
  const names = new Set(model.parameters.filter((parameter) => parameter.trainable).map((parameter) => parameter.name));
  return Object.fromEntries(Object.entries(weights).filter(([name]) => names.has(name)));
}

/** The step of a plan. Outputs: loss, the objective's terms, gradientNorm, and `samples` where chains were moved. */
export function trainingStep({
  model,
  objective,
  optimiser,
  clip,
  ema,
  parts = 1,
}: StepPlan): Step<NamedTensors, StepInputs, NamedTensors> {
  return (state, inputs, random: Random) => {
    const weights = part(state, 'weight:');
    const batch = {
      x: inputs.x as Tensor4D,
      y: inputs.y as Tensor1D,
      ...(inputs.chainX && inputs.chainY
        ? { chains: { x: inputs.chainX as Tensor4D, y: inputs.chainY as Tensor1D } }
        : {}),
    };
    const points = inRegion('points', () =>
      objective.entry.points(inParts(classifier(model, weights), parts), batch, objective.options, random),
    );

    const statistics: NamedTensors = {};
    const collect = (name: string, value: Tensor) => {
      statistics[name] ??= tf.keep(value);
    };
    const trainable = trainableOf(model, weights);
    const { loss, terms, gradients } = lossAndGradients(trainable, (trained) =>
      objective.entry.loss(
        inParts(classifier(model, { ...weights, ...trained }, { norm: 'train', collect }), mixes(model) ? 1 : parts),
        batch,
        points,
        objective.options,
      ),
    );
    const gradientNorm = globalNorm(gradients);
    const clipped = clip > 0 ? clipByGlobalNorm(gradients, gradientNorm, clip) : gradients;

    const updated = optimiser.entry.update(
      trainable,
      clipped,
      part(state, 'slot:'),
      inputs.lr as Scalar,
      inputs.t as Scalar,
      optimiser.options,
    );
    const next = { ...weights, ...updated.weights, ...statistics };
    const averaged = part(state, 'ema:');
    for (const [name, average] of Object.entries(averaged)) {
      const current = next[name];
      if (current) averaged[name] = tf.add(tf.mul(average, ema), tf.mul(current, 1 - ema));
    }
    return {
      state: { ...label(next, 'weight:'), ...label(updated.slots, 'slot:'), ...label(averaged, 'ema:') },
      outputs: { loss, ...terms, gradientNorm, ...(points.samples ? { samples: points.samples } : {}) },
    };
  };
}
