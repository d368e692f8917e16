/** The first look at a block, before any attack: predictions, and images whose gradients are zero, where no gradient attack can move. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { dlr } from '../../attacks/losses';
import { type PerExample, crossEntropy, gradientInX } from '../../energy/energy';
import { exampleAxes } from '../../energy/geometry';
import type { CompileOptions, Compiler } from '../../engine/engine';
import { AppError } from '../../lib/errors';
import { key } from '../../lib/key';
import { type Classifier, compileWith } from '../../models/model';
import type { Batch } from './part';

/** Of the first so many rows of a block. */
export interface Seen {
  readonly predicted: readonly number[];
  /** Images that are right, and of them those where the gradient of CE or of the DLR loss in x is exactly zero. */
  readonly right: number;
  readonly flatCe: number;
  readonly flatDlr: number;
}

export interface Looker {
  /** `from` is the index of the block's first image. @throws AppError BAD_DATA naming an image whose logits are no numbers. */
  look(batch: Batch, count: number, from: number): Promise<Seen>;
  dispose(): void;
}

export function looker(engine: Compiler, model: Classifier, compile: CompileOptions = {}): Looker {
  const step = compileWith(
    engine,
    model,
    (net, { x, y }: { x: Tensor4D; y: Tensor1D }) => ({ table: sights(net, x, y) }),
    compile,
  );
  return {
    async look({ x, y }, count, from) {
      const { table } = step.run({ x, y }, key(0, 'look'));
      const [values, labels] = await Promise.all([table.data<'float32'>(), y.data<'int32'>()]);
      table.dispose();
      const n = x.shape[0];
      const row = (kind: number) => Array.from(values.subarray(kind * n, kind * n + count));
      const odd = row(1).indexOf(0);
      if (odd >= 0)
        throw new AppError(
          'BAD_DATA',
          `The logits of image ${from + odd} are not finite numbers.`,
          'A model that gives NaN or infinity cannot be judged; look at its weights with lowland models show.',
        );
      const right = row(0).map((predicted, i) => predicted === labels[i]);
      const flat = (kind: number) => row(kind).filter((zero, i) => zero === 1 && right[i] === true).length;
      return { predicted: row(0), right: right.filter(Boolean).length, flatCe: flat(2), flatDlr: flat(3) };
    },
    dispose: () => step.dispose(),
  };
}

/** Prediction, whether all logits are numbers, whether the gradient of CE is zero, and that of DLR: [4, n]. */
const sights = (model: Classifier, x: Tensor4D, y: Tensor1D): Tensor2D =>
  tf.tidy(() => {
    const logits: Tensor2D = model.logits(x);
    const isFlat = (loss: PerExample): Tensor => tf.equal(tf.sum(tf.abs(gradientInX(model, x, loss)), exampleAxes), 0);
    const rows = [
      tf.argMax(logits, 1),
      tf.all(tf.isFinite(logits), 1),
      isFlat((at) => crossEntropy(at, y)),
      model.classes < 3 ? tf.zeros([x.shape[0]]) : isFlat((at) => dlr(at, y)),
    ];
    return tf.stack(rows.map((each) => tf.cast(each, 'float32'))) as Tensor2D;
  });
