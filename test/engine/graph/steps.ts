/** Training steps on nets small enough to run hundreds of them, op by op and compiled. */
import * as tf from '@tensorflow/tfjs-core';
import { eagerStep } from '../../../core/engine/eager';
import type { CompileOptions, CompiledStep, Engine, NamedTensors } from '../../../core/engine/engine';
import { key } from '../../../core/lib/key';
import { resolve } from '../../../core/lib/options';
import { buildModel } from '../../../core/models/registry';
import { bindObjective } from '../../../core/objectives/registry';
import { optimiserRegistry } from '../../../core/training/optimiser';
import { type StepInputs, initialState, trainingStep } from '../../../core/training/step';

export interface Trainee {
  readonly model: [id: string, options: Record<string, unknown>];
  readonly objective: string;
  readonly optimiser?: string;
  readonly clip?: number;
  readonly ema?: number;
  readonly parts?: number;
}

const shape = [8, 8, 3] as const;
export const batch = 6;
export const tiny: Trainee['model'] = ['convnet', { widths: '4,6', kernels: '3,4', strides: '1,2' }];

export type TrainingStep = CompiledStep<NamedTensors, StepInputs, NamedTensors>;

/** The step in both forms, from the same weights. */
export function bothForms(
  engine: Engine,
  trainee: Trainee,
  options?: CompileOptions,
): Record<'eager' | 'compiled', TrainingStep> {
  const [id, given] = trainee.model;
  const model = buildModel(id, given, shape, 4);
  const entry = optimiserRegistry.get(trainee.optimiser ?? 'adam');
  const plan = {
    model,
    objective: bindObjective(trainee.objective, trainee.objective === 'jeat' ? { sgldSteps: 3 } : {}),
    optimiser: { entry, options: resolve(entry.options, { lr: 0.003 }, entry.id) },
    clip: trainee.clip ?? 0,
    ema: trainee.ema ?? 0,
    parts: trainee.parts ?? 1,
  };
  const state = () => initialState(plan, model.init(engine.random(key(1, 'weights'))));
  return {
    eager: eagerStep(trainingStep(plan), state(), engine.random),
    compiled: engine.compile(trainingStep(plan), state(), options),
  };
}

/** Runs step i of a training on data made from i, and gives the outputs' numbers. */
export async function runStep(engine: Engine, step: TrainingStep, i: number, chains: boolean, n = batch) {
  const random = engine.random(key(2, 'data', i));
  const labels = (count: number) =>
    tf.tensor1d(
      Int32Array.from({ length: count }, (_, k) => (i + k) % 4),
      'int32',
    );
  const inputs = {
    x: random.fork('x').uniform([n, ...shape]),
    y: labels(n),
    lr: tf.scalar(0.003 / (1 + i)),
    t: tf.scalar(i),
    ...(chains ? { chainX: random.fork('c').uniform([4, ...shape]), chainY: labels(4) } : {}),
  };
  const outputs = step.run(inputs, key(3, 'train', i));
  const values = await numbers(outputs);
  tf.dispose([Object.values(inputs), Object.values(outputs)]);
  return values;
}

/** Every tensor's numbers, by name. */
export const numbers = async (tensors: NamedTensors): Promise<Record<string, number[]>> =>
  Object.fromEntries(
    await Promise.all(Object.entries(tensors).map(async ([name, tensor]) => [name, Array.from(await tensor.data())])),
  );
