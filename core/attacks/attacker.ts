/**
 * An attack that walks, bound to an engine: a compiled step a call, the batch packed anew when enough examples have fallen. What has
 * fallen needs no more steps, so packing changes no verdict.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { CompileOptions, CompiledStep, Compiler, NamedTensors } from '../engine/engine';
import { breathe } from '../lib/breathe';
import { throwIfCancelled } from '../lib/errors';
import { type Key, fork } from '../lib/key';
import { type Classifier, cloned, compileWith } from '../models/model';
import { type Walk, roundStream, scalars, stepStream } from './walk';

export interface Told {
  readonly signal?: AbortSignal | undefined;
  /** Hears how much of the attack is done, in [0,1]. */
  readonly tell?: ((done: number) => void) | undefined;
  /** The examples to attack, all without; the others come back as they are. What is compiled depends on n alone. */
  readonly standing?: readonly number[] | undefined;
}

export interface Attacker {
  /** Adversarial images for x [n, h, w, c] in [0,1] and y int32 [n]: a new tensor, the caller's. @throws AppError CANCELLED. */
  attack(x: Tensor4D, y: Tensor1D, key: Key, told?: Told): Promise<Tensor4D>;
  /** Other weights of these names and shapes; takes them over. */
  load(weights: NamedTensors): void;
  dispose(): void;
}

type Start = CompiledStep<NamedTensors, { x: Tensor4D; y: Tensor1D; round: Tensor }, NamedTensors>;
type Step = CompiledStep<NamedTensors, NamedTensors, NamedTensors>;

/** `compile.calls` says how many batches there will be. */
export function attacker(engine: Compiler, model: Classifier, walk: Walk, compile: CompileOptions = {}): Attacker {
  const { rounds, steps } = walk;
  const start: Start = compileWith(
    engine,
    model,
    (net, { x, y, round }, random) => walk.start(net, x, y, round, random),
    // a start a round: in float32 hardly ever worth a graph
    { ...compile, calls: 1 },
  );
  const numbered = Object.keys(walk.numbers(0));
  const step: Step = compileWith(
    engine,
    model,
    (net, inputs, random) => {
      const part = (wanted: boolean) =>
        Object.fromEntries(Object.entries(inputs).filter(([name]) => numbered.includes(name) === wanted));
      return walk.step(net, part(false), part(true), random);
    },
    { ...compile, calls: rounds * steps * (compile.calls ?? 1) },
  );
  return {
    async attack(x, y, key, { signal, tell, standing: asked } = {}) {
      const found = (await x.data<'float32'>()).slice();
      let standing = [...(asked ?? range(x.shape[0]))];
      for (let round = 0; round < rounds && standing.length > 0; round++)
        standing = await attackRound({ start, step, walk, round }, { x, y, key }, { found, standing }, (k) => {
          throwIfCancelled(signal);
          tell?.((round + k / steps) / rounds);
        });
      return tf.tensor4d(found, x.shape);
    },
    load(weights) {
      start.load(cloned(weights));
      step.load(weights);
    },
    dispose() {
      start.dispose();
      step.dispose();
    },
  };
}

/** One round on what stands: writes what falls into `found`, and returns what still stands. */
async function attackRound(
  { start, step, walk, round }: { start: Start; step: Step; walk: Walk; round: number },
  { x, y, key }: { x: Tensor4D; y: Tensor1D; key: Key },
  { found, standing: before }: { found: Float32Array; standing: readonly number[] },
  tell: (k: number) => void,
): Promise<number[]> {
  const [n] = x.shape;
  const size = x.size / n;
  let standing = [...before];
  let rows = filled(standing, n);
  const given = { x: rowsOf(x, rows), y: rowsOf(y, rows), round: tf.scalar(round, 'int32') };
  let state = start.run(given, fork(key, roundStream(round)));
  tf.dispose(given);
  try {
    for (let k = 0; k < walk.steps && standing.length > 0; k++) {
      const numbers = scalars(walk.numbers(k));
      const next = step.run({ ...state, ...numbers }, fork(key, stepStream(round, k)));
      tf.dispose([state, numbers]);
      state = next;
      if (!looked(k, walk.steps)) continue;
      await breathe();
      tell(k + 1);
      const fallen = await read(tf.tidy(() => tf.cast(walk.fallen(state), 'int32')));
      const left = standing.filter((_, row) => fallen[row] === 0);
      const packed = filled(left, n);
      if (k + 1 < walk.steps && packed.length === rows.length) continue;
      const reached = await read(tf.tidy(() => walk.reached(state)));
      for (const [row, example] of standing.entries())
        if (fallen[row] !== 0) found.set(reached.subarray(row * size, (row + 1) * size), example * size);
      const place = new Map(standing.map((example, row) => [example, row]));
      const kept = packed.map((example) => place.get(example) ?? 0);
      [standing, rows] = [left, packed];
      if (left.length === 0 || k + 1 === walk.steps) break;
      const smaller = Object.fromEntries(Object.entries(state).map(([name, each]) => [name, rowsOf(each, kept)]));
      tf.dispose(state);
      state = smaller;
    }
  } finally {
    tf.dispose(state);
  }
  return standing;
}

/** Whether the verdicts are looked at after step k: often at first, when most fall, and at the end. */
const looked = (k: number, steps: number): boolean =>
  k + 1 === steps || Number.isInteger(Math.log2(k + 1)) || (k + 1) % Math.ceil(steps / 20) === 0;

/** The examples, and some again up to a size that is one of a few, since each size is a graph of its own; none where there are none. */
function filled(examples: readonly number[], most: number): number[] {
  if (examples.length === 0) return [];
  const sizes = [1 / 8, 1 / 4, 3 / 8, 1 / 2, 3 / 4, 1].map((share) => Math.ceil(most * share));
  const size = sizes.find((fits) => fits >= examples.length) ?? most;
  return range(size).map((i) => examples[i % examples.length] ?? 0);
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const rowsOf = <T extends Tensor>(tensor: T, rows: readonly number[]): T =>
  tf.tidy(() => tf.gather<T>(tensor, tf.tensor1d([...rows], 'int32')));

async function read<T extends Tensor>(tensor: T): Promise<Float32Array | Int32Array> {
  const values = await tensor.data<'float32' | 'int32'>();
  tensor.dispose();
  return values as Float32Array | Int32Array;
}
