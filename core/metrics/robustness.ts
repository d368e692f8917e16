/** Clean and robust accuracy with the mean energies at both points, over a split, in chunks. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { AttackEntry } from '../attacks/attack';
import { attacker } from '../attacks/attacker';
import type { Walk } from '../attacks/walk';
import { gather } from '../data/batches';
import type { Split } from '../data/dataset';
import { crossEntropy, jointEnergy, marginalEnergy } from '../energy/energy';
import type { CompileOptions, Compiler, NamedTensors } from '../engine/engine';
import { type Key, fork } from '../lib/key';
import type { Schema, Values } from '../lib/options';
import { breathe } from '../lib/breathe';
import { throwIfCancelled } from '../lib/errors';
import { type Classifier, cloned, compileWith } from '../models/model';

/** Per-image values at one kind of point; energies in nats. */
export interface PointValues {
  correct: boolean[];
  predicted: number[];
  /** E(x). */
  marginal: number[];
  /** E(x,y) at the true label. */
  joint: number[];
  crossEntropy: number[];
}

/** Predictions and energies at x [n, h, w, c] with labels y [n], a row for each kind of value: [5, n]. */
export const valueTable = (model: Classifier, x: Tensor4D, y: Tensor1D): Tensor2D =>
  tf.tidy(() => {
    const logits: Tensor2D = model.logits(x);
    const predicted = tf.argMax<Tensor1D>(logits, 1);
    const rows = [
      tf.equal(predicted, y),
      predicted,
      marginalEnergy(logits),
      jointEnergy(logits, y),
      crossEntropy(logits, y),
    ];
    return tf.stack(rows.map((row) => tf.cast(row, 'float32'))) as Tensor2D;
  });

export interface RobustnessResult {
  readonly images: number;
  /** Fraction of clean images classified correctly, and of those still correct after the attack. */
  readonly clean: number;
  readonly robust: number;
  readonly energies: { clean: number; adversarial: number; jointClean: number; jointAdversarial: number };
  /** Mean E(x) - E(x~). */
  readonly deltaEnergy: number;
  readonly perImage: { clean: PointValues; adversarial: PointValues };
}

interface Attacked {
  readonly attack: AttackEntry;
  readonly options: Values<Schema>;
}

export interface RobustnessPlan {
  /** The first so many images of the split. */
  readonly images: number;
  readonly batch: number;
  readonly signal?: AbortSignal;
}

interface Batch {
  x: Tensor4D;
  y: Tensor1D;
}

/** The values of a batch at its clean and at its attacked points; compiled, for one measurement after another. */
export interface RobustnessStep {
  /** Both tables are the caller's. @throws AppError CANCELLED. */
  run(batch: Batch, key: Key, signal?: AbortSignal): Promise<{ clean: Tensor2D; adversarial: Tensor2D }>;
  /** Later weights of the same net; takes them over. */
  load(weights: NamedTensors): void;
  dispose(): void;
}

/** @throws AppError BAD_OPTION where the attack does not fit the model. */
export function compileRobustness(
  engine: Compiler,
  model: Classifier,
  { attack, options }: Attacked,
  compile: CompileOptions = {},
): RobustnessStep {
  if (attack.walk) return walkingStep(engine, model, attack.walk(options, model), compile);
  const step = compileWith(
    engine,
    model,
    (net, { x, y }: { x: Tensor4D; y: Tensor1D }, random) => ({
      clean: valueTable(net, x, y),
      adversarial: valueTable(net, attack.run(net, x, y, options, random), y),
    }),
    compile,
  );
  return {
    run: (batch, key) => Promise.resolve(step.run({ ...batch }, key)),
    load: (weights) => step.load(weights),
    dispose: () => step.dispose(),
  };
}

function walkingStep(engine: Compiler, model: Classifier, walk: Walk, compile: CompileOptions): RobustnessStep {
  const walker = attacker(engine, model, walk, compile);
  const values = compileWith(
    engine,
    model,
    (net, { x, y }: { x: Tensor4D; y: Tensor1D }) => ({ table: valueTable(net, x, y) }),
    { ...compile, calls: 2 * (compile.calls ?? 1) },
  );
  return {
    async run({ x, y }, key, signal) {
      const reached = await walker.attack(x, y, key, { signal });
      const clean = values.run({ x, y }, key).table;
      const adversarial = values.run({ x: reached, y }, key).table;
      reached.dispose();
      return { clean, adversarial };
    },
    load(weights) {
      walker.load(cloned(weights));
      values.load(weights);
    },
    dispose() {
      walker.dispose();
      values.dispose();
    },
  };
}

/** The values of some images of a split. */
export interface AttackedBatch {
  readonly from: number;
  readonly count: number;
  readonly clean: PointValues;
  readonly adversarial: PointValues;
}

/** How many batches a measurement takes. */
export const batchesOf = (split: Split, { images, batch }: Pick<RobustnessPlan, 'images' | 'batch'>): number =>
  Math.ceil(Math.min(images, split.size) / batch);

/** Attacks the first images of a split batch by batch, or only every so many batches from the first on. */
export async function* attackedBatches(
  step: Pick<RobustnessStep, 'run'>,
  split: Split,
  { images, batch, signal }: RobustnessPlan,
  key: Key,
  { first = 0, every = 1 }: { first?: number; every?: number } = {},
): AsyncGenerator<AttackedBatch, void, undefined> {
  const total = Math.min(images, split.size);
  // the last images go in a batch as large as the others, filled up from the start, so that every batch is one compiled step
  const size = Math.min(batch, total);
  for (let from = first * size; from < total; from += every * size) {
    await breathe();
    throwIfCancelled(signal);
    const { x, y } = tensors(
      split,
      Uint32Array.from({ length: size }, (_, i) => (from + i) % total),
    );
    const tables = await step.run({ x, y }, fork(key, from), signal).catch((error: unknown) => {
      tf.dispose([x, y]);
      throw error;
    });
    const count = Math.min(size, total - from);
    const clean = await valuesOf(tables.clean, count);
    const adversarial = await valuesOf(tables.adversarial, count);
    tf.dispose([x, y, tables.clean, tables.adversarial]);
    yield { from, count, clean, adversarial };
  }
}

/** Attacks the first images of a split. */
export const measureRobustness = (...measurement: Parameters<typeof attackedBatches>): Promise<RobustnessResult> =>
  robustnessOf(attackedBatches(...measurement));

/** Puts batches together, in order. An image counts as robust when it is correct both clean and attacked. */
export async function robustnessOf(batches: AsyncIterable<AttackedBatch>): Promise<RobustnessResult> {
  const clean = emptyValues();
  const adversarial = emptyValues();
  for await (const batch of batches) {
    append(clean, batch.clean);
    append(adversarial, batch.adversarial);
  }
  const energies = {
    clean: mean(clean.marginal),
    adversarial: mean(adversarial.marginal),
    jointClean: mean(clean.joint),
    jointAdversarial: mean(adversarial.joint),
  };
  return {
    images: clean.correct.length,
    clean: mean(clean.correct.map(Number)),
    robust: mean(clean.correct.map((correct, i) => Number(correct && adversarial.correct[i] === true))),
    energies,
    deltaEnergy: energies.clean - energies.adversarial,
    perImage: { clean, adversarial },
  };
}

/** The first `count` columns of a table, read back. */
async function valuesOf(table: Tensor2D, count: number): Promise<PointValues> {
  const values = await table.data<'float32'>();
  const n = table.shape[1];
  const row = (i: number) => Array.from(values.subarray(i * n, i * n + count));
  return {
    correct: row(0).map((flag) => flag === 1),
    predicted: row(1),
    marginal: row(2),
    joint: row(3),
    crossEntropy: row(4),
  };
}

/** Images from..to of a split as tensors x [n, h, w, c] in [0,1] and y int32 [n]; the caller disposes them. */
export const slice = (split: Split, from: number, to: number): { x: Tensor4D; y: Tensor1D } =>
  tensors(
    split,
    Uint32Array.from({ length: to - from }, (_, i) => from + i),
  );

function tensors(split: Split, indices: Uint32Array): { x: Tensor4D; y: Tensor1D } {
  const { x, y, size } = gather(split, indices);
  return { x: tf.tensor4d(x, [size, ...split.shape]), y: tf.tensor1d(y, 'int32') };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const emptyValues = (): PointValues => ({ correct: [], predicted: [], marginal: [], joint: [], crossEntropy: [] });

function append(into: PointValues, more: PointValues): void {
  into.correct.push(...more.correct);
  for (const name of ['predicted', 'marginal', 'joint', 'crossEntropy'] as const) into[name].push(...more[name]);
}
