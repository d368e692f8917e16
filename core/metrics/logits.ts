/** The logits of a split, read back: what calibration is computed from. */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Split } from '../data/dataset';
import type { Compiler } from '../engine/engine';
import { breathe } from '../lib/breathe';
import { throwIfCancelled } from '../lib/errors';
import { key } from '../lib/key';
import { type Classifier, compileWith } from '../models/model';
import { type MeasurePlan, placesOf, tensorsAt } from './measure';
import type { Predictions } from './softmax';

/** @throws AppError BAD_DATA for an empty split, CANCELLED. */
export async function measureLogits(
  engine: Compiler,
  model: Classifier,
  split: Split,
  { images, batch, seed, compile, signal, tell }: MeasurePlan,
): Promise<Predictions> {
  const { classes } = model;
  const total = Math.min(images, split.size);
  const places = placesOf(total, batch);
  const step = compileWith(engine, model, (net, { x }: { x: Tensor4D }) => ({ logits: net.logits(x) }), {
    ...compile,
    calls: places.length,
  });
  const logits = new Float32Array(total * classes);
  try {
    for (const { from, count, rows } of places) {
      await breathe();
      throwIfCancelled(signal);
      const given = tensorsAt(split, rows);
      const out = step.run({ x: given.x }, key(seed, 'logits', from));
      logits.set((await out.logits.data<'float32'>()).subarray(0, count * classes), from * classes);
      tf.dispose([given, out]);
      tell?.((from + count) / total);
    }
  } finally {
    step.dispose();
  }
  return { logits, labels: split.labels.subarray(0, total), classes };
}
