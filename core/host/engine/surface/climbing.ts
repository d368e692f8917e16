/** An attack on one image step by step, with the draws of the whole attack: the last point is the attack's own result. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { AttackEntry } from '../../../attacks/attack';
import { type Climb, climbHeight, climbStart, climbStep, climbStream } from '../../../attacks/climb';
import { type Walk, roundStream, scalars, stepStream } from '../../../attacks/walk';
import type { Engine, NamedTensors, Random } from '../../../engine/engine';
import { AppError } from '../../../lib/errors';
import type { Key } from '../../../lib/key';
import type { Schema, Values } from '../../../lib/options';
import { type Classifier, cloned } from '../../../models/model';
import { pause } from './pace';

/** The longest walk that is kept: every step is an image. */
export const mostSteps = 500;

export interface AttackPlan {
  readonly entry: AttackEntry;
  readonly options: Values<Schema>;
  readonly key: Key;
}

/** The start and every step of the restart that the attack keeps, flat images. @throws AppError BAD_OPTION, CANCELLED. */
export async function attackPoints(
  engine: Pick<Engine, 'random'>,
  model: Classifier,
  image: Float32Array,
  label: number,
  { entry, options, key }: AttackPlan,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const { climbing } = entry;
  if (entry.walk) return walkPoints(engine, model, image, label, entry.walk(options, model), key, signal);
  if (!climbing)
    throw new AppError('BAD_OPTION', `${entry.title} does not go step by step.`, 'Choose PGD to see its steps.');
  const x = tf.tensor4d(image, [1, ...model.inputShape]);
  const y = tf.tensor1d([label], 'int32');
  const plan = () => climbing(model, x, y, options);
  try {
    const { steps, restarts } = tf.tidy(() => {
      const { steps, restarts } = plan();
      return { steps, restarts };
    });
    checkLength(steps);
    let kept: Awaited<ReturnType<typeof walk>> | undefined;
    for (let restart = 0; restart < restarts; restart++) {
      const stream = climbStream(engine.random(key), restart);
      const walked = await walk(model, x, plan, { stream, steps }, (at) => climbHeight(model, at, y, plan()), signal);
      if (!kept || walked.height > kept.height) kept = walked;
    }
    return kept?.points ?? [];
  } finally {
    tf.dispose([x, y]);
  }
}

/** The start and every step of the first round that finds an adversarial image, or of the last round. */
async function walkPoints(
  engine: Pick<Engine, 'random'>,
  model: Classifier,
  image: Float32Array,
  label: number,
  plan: Walk,
  key: Key,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  checkLength(plan.steps);
  const x = tf.tensor4d(image, [1, ...model.inputShape]);
  const y = tf.tensor1d([label], 'int32');
  const random = engine.random(key);
  let points: Float32Array[] = [];
  let state: NamedTensors = {};
  const read = async (tensor: tf.Tensor) => {
    const values = await tensor.data<'float32'>();
    tensor.dispose();
    return values.slice();
  };
  try {
    for (let round = 0; round < plan.rounds; round++) {
      points = [];
      const number = () => tf.scalar(round, 'int32');
      state = tf.tidy(() => plan.start(model, x, y, number(), random.fork(roundStream(round))));
      for (let k = 0; ; k++) {
        points.push(await read(tf.tidy(() => tf.clone(plan.at(state)))));
        if (k === plan.steps) break;
        await pause(signal);
        const before = state;
        const drawn = random.fork(stepStream(round, k));
        // every tensor of the new state is its own, so that the old one can go
        state = tf.tidy(() => cloned(plan.step(model, before, scalars(plan.numbers(k)), drawn)));
        tf.dispose(before);
      }
      const [fallen] = await read(tf.tidy(() => tf.cast(plan.fallen(state), 'float32')));
      tf.dispose(state);
      state = {};
      if (fallen) break;
    }
    return points;
  } finally {
    tf.dispose([x, y, state]);
  }
}

function checkLength(steps: number): void {
  if (steps > mostSteps)
    throw new AppError(
      'BAD_OPTION',
      `A walk of ${steps} steps is too long to draw.`,
      `Choose at most ${mostSteps} steps.`,
    );
}

async function walk(
  model: Classifier,
  x: Tensor4D,
  plan: () => Climb,
  { stream, steps }: { stream: Random; steps: number },
  heightOf: (at: Tensor4D) => tf.Tensor,
  signal: AbortSignal,
): Promise<{ points: Float32Array[]; height: number }> {
  const points: Float32Array[] = [];
  let at: ReturnType<Climb['move']> = { at: tf.tidy(() => climbStart(x, plan(), stream)) };
  try {
    for (let step = 0; ; step++) {
      points.push((await at.at.data<'float32'>()).slice());
      if (step === steps) break;
      await pause(signal);
      const last = at;
      at = tf.tidy(() => climbStep(model, plan(), last.at, last.momentum));
      tf.dispose({ ...last });
    }
    const height = tf.tidy(() => heightOf(at.at));
    const [value = NaN] = await height.data();
    height.dispose();
    return { points, height: value };
  } finally {
    tf.dispose({ ...at });
  }
}
