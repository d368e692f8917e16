/**
 * Runs suites of attacks over the first images of a split, attack by attack over all blocks, so that what is compiled for an attack is used
 * for all and then let go. Gives a record after every (block, attack); what a ledger holds already is not computed again.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Split } from '../../data/dataset';
import type { CompileOptions, Compiler } from '../../engine/engine';
import { breathe } from '../../lib/breathe';
import { throwIfCancelled } from '../../lib/errors';
import type { Classifier } from '../../models/model';
import { type Blocks, attackKey, blockCount, blockRange, blockTensors, checkPixels, shardBlocks } from './blocks';
import { modelFlags } from './flags';
import type { Ledger } from './ledger';
import { looker } from './look';
import { type Batch, partAttacker } from './part';
import type { EvaluationRecord } from './records';
import type { Part, Suite } from './suite';

export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** How far one attack has come: images of the shard, and how many of all of them still stand. */
export interface Advance {
  readonly suite: Suite;
  readonly part: Part;
  readonly done: number;
  readonly images: number;
  readonly standing: number;
}

export interface EvaluationContext {
  readonly engine: Compiler;
  readonly model: Classifier;
  readonly split: Split;
  readonly shard: Shard;
  readonly compile?: CompileOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly tell?: ((advance: Advance) => void) | undefined;
}

/** The records that the ledger lacks, each entered into it before it is given. @throws AppError BAD_DATA, BAD_OPTION, CANCELLED. */
export async function* evaluateSuites(
  ledger: Ledger,
  context: EvaluationContext,
): AsyncGenerator<EvaluationRecord, void, undefined> {
  const { plan } = ledger;
  checkPixels(context.split, plan.images);
  const blocks = shardBlocks(plan, context.shard);
  yield* looks(ledger, context, blocks);
  for (const [s, suite] of plan.suites.entries())
    for (const p of suite.parts.keys()) yield* attackBlocks(ledger, context, { blocks, s, p });
}

async function* looks(
  ledger: Ledger,
  context: EvaluationContext,
  blocks: readonly number[],
): AsyncGenerator<EvaluationRecord, void, undefined> {
  const { plan } = ledger;
  const left = blocks.filter((block) => !ledger.seen(block));
  const [first] = blocks;
  if (first !== undefined && !ledger.inspected)
    yield* inBlock(ledger, context, first, async ({ x }) => ({
      kind: 'model',
      flags: await modelFlags(context.engine, context.model, x),
    }));
  const own = looker(context.engine, context.model, compileOf(plan, context));
  try {
    for (const block of left)
      yield* inBlock(ledger, context, block, async (batch) => {
        const { from, count } = blockRange(plan, block);
        const { predicted, flatCe, flatDlr } = await own.look(batch, count, from);
        const labels = [...context.split.labels.subarray(from, from + count)];
        return { kind: 'look', block, labels, predicted: [...predicted], flatCe, flatDlr };
      });
  } finally {
    own.dispose();
  }
}

async function* attackBlocks(
  ledger: Ledger,
  context: EvaluationContext,
  { blocks, s, p }: { blocks: readonly number[]; s: number; p: number },
): AsyncGenerator<EvaluationRecord, void, undefined> {
  const { plan } = ledger;
  const suite = plan.suites[s];
  const part = suite?.parts[p];
  const left = blocks.filter((block) => !ledger.done(block, s, p));
  if (!suite || !part || left.length === 0) return;
  const images = blocks.reduce((sum, block) => sum + blockRange(plan, block).count, 0);
  const tell = (during: number) => {
    const standing = blocks.reduce((sum, block) => sum + ledger.standing(block, s, p + 1).length, 0);
    const done = blocks.reduce((sum, block) => sum + (ledger.done(block, s, p) ? blockRange(plan, block).count : 0), 0);
    context.tell?.({ suite, part, done: done + during, images, standing });
  };
  const attacker = partAttacker(context.engine, context.model, suite, part, compileOf(plan, context));
  try {
    for (const block of left) {
      const standing = ledger.standing(block, s, p);
      const { from, count } = blockRange(plan, block);
      tell(0);
      yield* inBlock(ledger, context, block, async (batch) => {
        const found =
          standing.length === 0
            ? undefined
            : await attacker.attack(batch, standing, attackKey(plan.seed, from, part.attack), {
                signal: context.signal,
                tell: (share) => void (share < 1 && tell(share * count)),
              });
        found?.reached.dispose();
        const felled = (found?.felled ?? []).map(({ row, predicted, size }): [number, number, number] => [
          from + row,
          predicted,
          size,
        ]);
        return { kind: 'part', block, suite: s, part: p, felled };
      });
    }
    tell(0);
  } finally {
    attacker.dispose();
  }
}

/** Of all blocks: what is left of an evaluation, and a share of one, must be computed in the same way. */
const compileOf = (plan: Blocks, { compile }: EvaluationContext): CompileOptions => ({
  ...compile,
  calls: blockCount(plan),
});

type Timeless<R> = R extends unknown ? Omit<R, 'seconds'> : never;
type Found = Timeless<EvaluationRecord>;

/** Gives a block's tensors to some work, and its record, with the time that it took, to the ledger and out. */
async function* inBlock(
  ledger: Ledger,
  { split, signal }: EvaluationContext,
  block: number,
  work: (batch: Batch) => Promise<Found>,
): AsyncGenerator<EvaluationRecord, void, undefined> {
  await breathe();
  throwIfCancelled(signal);
  const began = performance.now();
  const batch = blockTensors(split, ledger.plan, block);
  try {
    const found = await work(batch);
    const record = { ...found, seconds: (performance.now() - began) / 1000 };
    ledger.add(record);
    yield record;
  } finally {
    tf.dispose([batch.x, batch.y]);
  }
}
