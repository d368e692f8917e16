/** The smallest perturbation that a minimal attack (FAB, DeepFool, CW) finds for each image, over all its rounds, whatever eps is. */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../engine/engine';
import { budgetedOptions } from '../attacks/budgets';
import type { MinimalWalk } from '../attacks/minimal';
import { attackRegistry } from '../attacks/registry';
import { type Walk, roundStream, scalars, stepStream } from '../attacks/walk';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Split } from '../data/dataset';
import type { Compiler } from '../engine/engine';
import { breathe } from '../lib/breathe';
import { AppError, throwIfCancelled } from '../lib/errors';
import { fork, key } from '../lib/key';
import { type Classifier, compileWith } from '../models/model';
import { type DistanceSummary, distanceSummary } from './distances';
import { type MeasurePlan, placesOf, tensorsAt } from './measure';

export interface DistancePlan extends MeasurePlan {
  readonly attack: string;
  readonly given: Readonly<Record<string, unknown>>;
}

export interface DistanceResult extends DistanceSummary {
  readonly attack: string;
  readonly norm: string;
  /** Of each image: 0 where it is wrong anyway, Infinity where nothing was found. */
  readonly distances: readonly number[];
}

/** What a walk says where it has found nothing. */
const never = 1e9;

export const isMinimal = (walk: Walk): walk is MinimalWalk => 'found' in walk && typeof walk.found === 'function';

/** @throws AppError BAD_OPTION for an attack that looks for no smallest perturbation, BAD_DATA for an empty split, CANCELLED. */
export async function measureDistances(
  engine: Compiler,
  model: Classifier,
  split: Split,
  { attack: id, given, images, batch, seed, compile, signal, tell }: DistancePlan,
): Promise<DistanceResult> {
  const attack = attackRegistry.get(id);
  const options = budgetedOptions(attack, given, model.inputShape[2]);
  const walk = attack.walk?.(options, model);
  if (!walk || !isMinimal(walk))
    throw new AppError(
      'BAD_OPTION',
      `'${id}' does not look for the smallest perturbation.`,
      'Use fab, fab-t, deepfool or cw.',
    );
  const total = Math.min(images, split.size);
  const places = placesOf(total, batch);
  const run = compiledWalk(engine, model, walk, { ...compile, calls: places.length * walk.rounds });
  const distances = new Float64Array(total).fill(Infinity);
  try {
    for (const { from, count, rows } of places) {
      const { x, y } = tensorsAt(split, rows);
      try {
        for (let round = 0; round < walk.rounds; round++) {
          const at = fork(key(seed, 'attack'), from);
          const sizes = await run.sizes({ x, y, round: tf.scalar(round, 'int32') }, at, round, (k) => {
            throwIfCancelled(signal);
            tell?.((from + (count * (round + k / walk.steps)) / walk.rounds) / total);
          });
          for (let i = 0; i < count; i++) {
            const size = sizes[i] ?? NaN;
            if (size < never) distances[from + i] = Math.min(distances[from + i] ?? Infinity, size);
          }
        }
      } finally {
        tf.dispose([x, y]);
      }
    }
  } finally {
    run.dispose();
  }
  return { attack: id, norm: String(options.norm), ...distanceSummary(distances), distances: [...distances] };
}

/** A walk whose examples all go to the end. */
function compiledWalk(engine: Compiler, model: Classifier, walk: MinimalWalk, compile: MeasurePlan['compile'] = {}) {
  const { steps } = walk;
  const numbered = Object.keys(walk.numbers(0));
  const start = compileWith(
    engine,
    model,
    (net, { x, y, round }: { x: Tensor4D; y: Tensor1D; round: Tensor }, random): NamedTensors =>
      walk.start(net, x, y, round, random),
    compile,
  );
  const step = compileWith(
    engine,
    model,
    (net, inputs: NamedTensors, random): NamedTensors => {
      const part = (wanted: boolean) =>
        Object.fromEntries(Object.entries(inputs).filter(([name]) => numbered.includes(name) === wanted));
      return walk.step(net, part(false), part(true), random);
    },
    { ...compile, calls: (compile.calls ?? 1) * steps },
  );
  return {
    /** The sizes found in a round; takes over `round`. */
    async sizes(
      given: { x: Tensor4D; y: Tensor1D; round: Tensor },
      at: ReturnType<typeof key>,
      round: number,
      told: (k: number) => void,
    ): Promise<Float32Array> {
      let state = start.run(given, fork(at, roundStream(round)));
      given.round.dispose();
      try {
        for (let k = 0; k < steps; k++) {
          const numbers = scalars(walk.numbers(k));
          const next = step.run({ ...state, ...numbers }, fork(at, stepStream(round, k)));
          tf.dispose([state, numbers]);
          state = next;
          await breathe();
          told(k + 1);
        }
        const sizes = tf.tidy(() => tf.clone(walk.found(state).sizes));
        const values = await sizes.data<'float32'>();
        sizes.dispose();
        return values.slice();
      } finally {
        tf.dispose(state);
      }
    },
    dispose() {
      start.dispose();
      step.dispose();
    },
  };
}
