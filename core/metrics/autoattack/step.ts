/** A suite as one measurement of a batch: the points are those of the first attack that fells an image, and the image where none does. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { CompileOptions, Compiler } from '../../engine/engine';
import { fork } from '../../lib/key';
import { type Classifier, compileWith } from '../../models/model';
import { type RobustnessStep, valueTable } from '../robustness';
import { partAttacker } from './part';
import type { Suite } from './suite';

/** Compiled attacks of all parts stay for the next batch. @throws AppError BAD_OPTION where one does not fit the model. */
export function suiteStep(
  engine: Compiler,
  model: Classifier,
  suite: Suite,
  compile: CompileOptions = {},
): Pick<RobustnessStep, 'run' | 'dispose'> {
  const attackers = suite.parts.map((part) => ({ part, attacker: partAttacker(engine, model, suite, part, compile) }));
  const values = compileWith(
    engine,
    model,
    (net, { x, y }: { x: Tensor4D; y: Tensor1D }) => ({ table: valueTable(net, x, y) }),
    { ...compile, calls: 2 * (compile.calls ?? 1) },
  );
  return {
    async run(batch, key, signal) {
      const { x, y } = batch;
      const n = x.shape[0];
      const clean = values.run({ x, y }, key).table;
      const table = await clean.data<'float32'>();
      clean.dispose();
      const right = table.subarray(0, n);
      let standing = Array.from(right.keys()).filter((row) => right[row] === 1);
      const points = (await x.data<'float32'>()).slice();
      const size = points.length / n;
      for (const { part, attacker } of attackers) {
        if (standing.length === 0) break;
        const { felled, reached } = await attacker.attack(batch, standing, fork(key, part.attack), { signal });
        const found = await reached.data<'float32'>();
        reached.dispose();
        for (const { row } of felled) points.set(found.subarray(row * size, (row + 1) * size), row * size);
        const fallen = new Set(felled.map(({ row }) => row));
        standing = standing.filter((row) => !fallen.has(row));
      }
      const worst = tf.tensor4d(points, x.shape);
      const adversarial = values.run({ x: worst, y }, key).table;
      worst.dispose();
      return { clean: tf.tensor2d(table, clean.shape), adversarial };
    },
    dispose() {
      for (const { attacker } of attackers) attacker.dispose();
      values.dispose();
    },
  };
}
