/**
 * Attack transfer (Papernot et al. 2016): adversarial images crafted on one model, tried on the others. What stands on the diagonal is each
 * model under its own attack, with the numbers of `lowland attack`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { budgetedOptions } from '../attacks/budgets';
import { attackRegistry } from '../attacks/registry';
import type { Split } from '../data/dataset';
import type { Compiler } from '../engine/engine';
import { breathe } from '../lib/breathe';
import { AppError, throwIfCancelled } from '../lib/errors';
import { fork, key } from '../lib/key';
import type { Schema, Values } from '../lib/options';
import { type Classifier, compileWith } from '../models/model';
import { crafter } from './crafting';
import { type MeasurePlan, placesOf, tensorsAt } from './measure';

export interface NamedClassifier {
  readonly name: string;
  readonly classifier: Classifier;
}

export interface TransferPlan extends MeasurePlan {
  /** An id of the registry, and its options; what is not given is customary for the images. */
  readonly attack: string;
  readonly given: Readonly<Record<string, unknown>>;
}

export interface TransferResult {
  readonly models: readonly string[];
  readonly attack: string;
  readonly options: Values<Schema>;
  readonly images: number;
  /** Of each model. */
  readonly clean: readonly number[];
  /** accuracy[i][j]: share of the images that model j gets right both clean and as attacked on model i. */
  readonly accuracy: readonly (readonly number[])[];
}

/** @throws AppError BAD_DATA for models of different images or an empty split, UNKNOWN_NAME, BAD_OPTION, CANCELLED. */
export async function measureTransfer(
  engine: Compiler,
  models: readonly NamedClassifier[],
  split: Split,
  { attack: id, given, images, batch, seed, compile, signal, tell }: TransferPlan,
): Promise<TransferResult> {
  const attack = attackRegistry.get(id);
  const options = budgetedOptions(attack, given, split.shape[2]);
  if (options.targeted === true)
    throw new AppError('BAD_OPTION', 'Transfer is measured by untargeted attacks.', "Turn 'targeted' off.");
  checkAlike(models, split);
  const total = Math.min(images, split.size);
  const places = placesOf(total, batch);
  const judges: Judge[] = [];
  const clean = models.map(() => new Uint8Array(total));
  const attacked = models.map(() => models.map(() => new Uint8Array(total)));
  const tried = async (x: Tensor4D, y: Tensor1D, from: number, count: number, into: readonly Uint8Array[]) => {
    for (const [j, judge] of judges.entries()) into[j]?.set((await judge.right(x, y)).subarray(0, count), from);
  };
  try {
    for (const { classifier } of models)
      judges.push(judgeOf(engine, classifier, { ...compile, calls: 2 * places.length }));
    for (const { from, count, rows } of places) {
      const { x, y } = tensorsAt(split, rows);
      await tried(x, y, from, count, clean).finally(() => tf.dispose([x, y]));
    }
    for (const [i, { classifier }] of models.entries()) {
      const craft = crafter(engine, classifier, { attack, options }, { ...compile, calls: places.length });
      try {
        for (const { from, count, rows } of places) {
          await breathe();
          throwIfCancelled(signal);
          const { x, y } = tensorsAt(split, rows);
          const reached = await craft
            .craft(x, y, fork(key(seed, 'attack'), from), { signal })
            .finally(() => tf.dispose(x));
          await tried(reached, y, from, count, attacked[i] ?? []).finally(() => tf.dispose([reached, y]));
          tell?.((i + (from + count) / total) / models.length);
        }
      } finally {
        craft.dispose();
      }
    }
  } finally {
    for (const judge of judges) judge.dispose();
  }
  const standing = (j: number, right: Uint8Array) => share(right.map((one, k) => one & (clean[j]?.[k] ?? 0)));
  return {
    models: models.map(({ name }) => name),
    attack: id,
    options,
    images: total,
    clean: clean.map(share),
    accuracy: attacked.map((row) => row.map((right, j) => standing(j, right))),
  };
}

interface Judge {
  /** 1 where the model is right, for each of x. */
  right(x: Tensor4D, y: Tensor1D): Promise<Uint8Array>;
  dispose(): void;
}

function judgeOf(engine: Compiler, model: Classifier, compile: MeasurePlan['compile']): Judge {
  const step = compileWith(
    engine,
    model,
    (net, { x, y }: { x: Tensor4D; y: Tensor1D }) => ({
      right: tf.cast(tf.equal(tf.argMax(net.logits(x), 1), y), 'int32'),
    }),
    compile,
  );
  return {
    async right(x, y) {
      const { right } = step.run({ x, y }, key(0, 'judge'));
      const values = await right.data<'int32'>();
      right.dispose();
      return Uint8Array.from(values);
    },
    dispose: () => step.dispose(),
  };
}

function checkAlike(models: readonly NamedClassifier[], split: Split): void {
  const [first] = models;
  if (!first) throw new AppError('USAGE', 'Transfer needs at least one model.', 'Name the models.');
  const [classes, wanted] = [first.classifier.classes, split.shape.join('x')];
  for (const { name, classifier } of models)
    if (classifier.inputShape.join('x') !== wanted || classifier.classes !== classes)
      throw new AppError(
        'BAD_DATA',
        `'${name}' takes ${classifier.inputShape.join('x')} images of ${classifier.classes} classes; the images are ${wanted} of ${classes}.`,
        'Compare models of the same images.',
      );
}

const share = (right: Uint8Array): number => right.reduce((sum, one) => sum + one, 0) / right.length;
