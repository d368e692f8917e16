/** What a model makes of a whole split: predictions, CE and energies, batch by batch through one compiled step; robust or not if attacked. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { AttackEntry } from '../../../attacks/attack';
import type { ScoreBatch } from '../../../contract/areas/datasets';
import { gather } from '../../../data/batches';
import type { Split } from '../../../data/dataset';
import { crossEntropy, jointEnergy, marginalEnergy } from '../../../energy/energy';
import type { CompileOptions, CompiledStep, Engine, NamedTensors, Random } from '../../../engine/engine';
import { breathe } from '../../../lib/breathe';
import { throwIfCancelled } from '../../../lib/errors';
import { fork, key } from '../../../lib/key';
import type { Schema, Values } from '../../../lib/options';
import { type Classifier, compileWith } from '../../../models/model';

/** Images a step: a job goes on between two of them, so where they are slow they are small. */
const batchSizes = { tensorflow: 256, webgpu: 256, wasm: 64, cpu: 32 } as const;

export interface ScorePlan {
  readonly seed: number;
  /** The first so many images of the split. */
  readonly limit: number;
  /** Of a reader who comes back: batches that it has. */
  readonly skip: number;
  readonly attack?: { readonly entry: AttackEntry; readonly options: Values<Schema> } | undefined;
}

type Inputs = { x: Tensor4D; y: Tensor1D };

/** Rows [4 or 5, n]: prediction, CE, E(x), E(x,y), and 1 where the image is right clean and attacked. */
const scoreRows = (model: Classifier, { x, y }: Inputs, random: Random, attack: ScorePlan['attack']): Tensor2D =>
  tf.tidy(() => {
    const logits: Tensor2D = model.logits(x);
    const predicted = tf.argMax<Tensor1D>(logits, 1);
    const rows = [predicted, crossEntropy(logits, y), marginalEnergy(logits), jointEnergy(logits, y)];
    if (attack) {
      const attacked = model.logits(attack.entry.run(model, x, y, attack.options, random));
      rows.push(tf.logicalAnd(tf.equal(predicted, y), tf.equal(tf.argMax(attacked, 1), y)));
    }
    return tf.stack(rows.map((row) => tf.cast(row, 'float32'))) as Tensor2D;
  });

/** Compiles the step at once, with weights of its own; the batches, or leaving them, dispose it. */
export function compileScores(
  engine: Engine,
  compile: CompileOptions,
  model: Classifier,
  split: Split,
  plan: ScorePlan,
): (signal: AbortSignal) => AsyncGenerator<ScoreBatch, void, undefined> {
  const { attack, limit } = plan;
  const total = Math.min(limit, split.size);
  // attacks take many forward and backward passes: smaller pieces
  const size = Math.min(total, batchSizes[engine.id] / (attack ? 2 : 1));
  const step: CompiledStep<NamedTensors, Inputs, { rows: Tensor2D }> = compileWith(
    engine,
    model,
    (net, inputs: Inputs, random) => ({ rows: scoreRows(net, inputs, random, attack) }),
    { ...compile, calls: Math.ceil(total / size) },
  );
  return (signal) => scoreBatches(step, split, { ...plan, size, total }, signal);
}

/** @throws AppError CANCELLED at the signal, BAD_OPTION from the attack. */
async function* scoreBatches(
  step: CompiledStep<NamedTensors, Inputs, { rows: Tensor2D }>,
  split: Split,
  { attack, seed, skip, size, total }: ScorePlan & { readonly size: number; readonly total: number },
  signal: AbortSignal,
): AsyncGenerator<ScoreBatch, void, undefined> {
  try {
    for (let from = skip * size; from < total; from += size) {
      await breathe();
      throwIfCancelled(signal);
      // the last batch is filled up from the start, so that every batch is the same compiled step
      const { x, y } = gather(
        split,
        Uint32Array.from({ length: size }, (_, i) => (from + i) % total),
      );
      const inputs = { x: tf.tensor4d(x, [size, ...split.shape]), y: tf.tensor1d(y, 'int32') };
      const { rows } = step.run(inputs, fork(key(seed, 'scores'), from));
      try {
        const values = await rows.data<'float32'>();
        const count = Math.min(size, total - from);
        const row = (i: number) => values.slice(i * size, i * size + count);
        yield {
          from,
          total,
          predicted: Int32Array.from(row(0)),
          crossEntropy: row(1),
          marginal: row(2),
          joint: row(3),
          ...(attack ? { robust: Uint8Array.from(row(4)) } : {}),
        };
      } finally {
        tf.dispose([inputs.x, inputs.y, rows]);
      }
    }
  } finally {
    step.dispose();
  }
}
