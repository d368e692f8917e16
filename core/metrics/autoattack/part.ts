/**
 * One attack of a suite, bound to an engine: attacks what stands of a block, and lets an image count as felled only where the logits say so
 * and the point lies in the ball and in [0,1].
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { attacker } from '../../attacks/attacker';
import { perturbationSize } from '../../attacks/perturb';
import { attackRegistry } from '../../attacks/registry';
import { exampleAxes } from '../../energy/geometry';
import type { CompileOptions, Compiler } from '../../engine/engine';
import type { Key } from '../../lib/key';
import { resolve } from '../../lib/options';
import { type Classifier, compileWith } from '../../models/model';
import type { Part, Suite } from './suite';

/** An image that an attack fells: its row in the block, the class it is taken for, and the size of the perturbation in the norm. */
export interface Felled {
  readonly row: number;
  readonly predicted: number;
  readonly size: number;
}

export interface Batch {
  readonly x: Tensor4D;
  readonly y: Tensor1D;
}

export interface Told {
  readonly signal?: AbortSignal | undefined;
  /** Hears how much of it is done, in [0,1]. */
  readonly tell?: ((done: number) => void) | undefined;
}

export interface PartAttacker {
  /** Attacks these rows, all of them right so far. The points of the whole block are the caller's. @throws AppError CANCELLED. */
  attack(
    batch: Batch,
    standing: readonly number[],
    key: Key,
    told?: Told,
  ): Promise<{ felled: Felled[]; reached: Tensor4D }>;
  dispose(): void;
}

/** `compile.calls` says how many blocks there will be. @throws AppError BAD_OPTION where the attack does not fit the model. */
export function partAttacker(
  engine: Compiler,
  model: Classifier,
  { norm, eps }: Suite,
  { attack: id, options }: Part,
  compile: CompileOptions = {},
): PartAttacker {
  const find = finder(engine, model, id, options, compile);
  const judge = compileWith(
    engine,
    model,
    (net, { x, reached }: { x: Tensor4D; reached: Tensor4D }) => ({ table: verdicts(net, x, reached, norm) }),
    // a pass a block: hardly ever worth a graph of its own
    { ...compile, calls: 1 },
  );
  return {
    async attack({ x, y }, standing, key, told) {
      const reached = await find.attack({ x, y }, standing, key, told);
      const { table } = judge.run({ x, reached }, key);
      const n = x.shape[0];
      const [values, labels] = await Promise.all([table.data<'float32'>(), y.data<'int32'>()]);
      table.dispose();
      const value = (kind: number, row: number) => values[kind * n + row] ?? NaN;
      const felled = standing
        .map((row) => ({ row, predicted: value(0, row), size: value(1, row) }))
        .filter(
          ({ row, predicted, size }) =>
            predicted !== labels[row] && size <= eps * (1 + 1e-5) + 1e-6 && value(2, row) === 1,
        );
      return { felled, reached };
    },
    dispose() {
      find.dispose();
      judge.dispose();
    },
  };
}

interface Finder {
  attack(batch: Batch, standing: readonly number[], key: Key, told?: Told): Promise<Tensor4D>;
  dispose(): void;
}

/** An attack with a memory goes on with what stands; any other is one step on the whole block. */
function finder(
  engine: Compiler,
  model: Classifier,
  id: string,
  given: Readonly<Record<string, unknown>>,
  compile: CompileOptions,
): Finder {
  const entry = attackRegistry.get(id);
  const options = resolve(entry.options, given, id);
  if (entry.walk) {
    const walker = attacker(engine, model, entry.walk(options, model), compile);
    return {
      attack: ({ x, y }, standing, key, told) => walker.attack(x, y, key, { ...told, standing }),
      dispose: () => walker.dispose(),
    };
  }
  const step = compileWith(
    engine,
    model,
    (net, { x, y }: { x: Tensor4D; y: Tensor1D }, random) => ({ reached: entry.run(net, x, y, options, random) }),
    compile,
  );
  return {
    attack: ({ x, y }, _standing, key) => Promise.resolve(step.run({ x, y }, key).reached),
    dispose: () => step.dispose(),
  };
}

/** Prediction, size of the perturbation, and 1 where the logits are numbers and the point is in [0,1]: [3, n]. */
const verdicts = (model: Classifier, x: Tensor4D, reached: Tensor4D, norm: Suite['norm']): Tensor2D =>
  tf.tidy(() => {
    const logits: Tensor2D = model.logits(reached);
    const inBox = tf.logicalAnd(
      tf.greaterEqual(tf.min(reached, exampleAxes), 0),
      tf.lessEqual(tf.max(reached, exampleAxes), 1),
    );
    const sound = tf.logicalAnd(inBox, tf.all(tf.isFinite(logits), 1));
    const rows = [tf.argMax(logits, 1), perturbationSize(x, reached, norm), sound];
    return tf.stack(rows.map((row) => tf.cast(row, 'float32'))) as Tensor2D;
  });
