/** The work of `lowland doctor --calibrate`: the same training step under each way of using threads, each in a process of its own. */
import * as tf from '@tensorflow/tfjs-core';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { openEngine } from '../engine/open';
import { type Timing, type Tuning, candidates, environmentOf, rememberTuning } from '../engine/tuning';
import { AppError } from '../lib/errors';
import { key } from '../lib/key';
import { resolve } from '../lib/options';
import { packageRoot } from '../lib/paths';
import type { Progress } from '../lib/progress';
import { buildModel } from '../models/registry';
import { bindObjective } from '../objectives/registry';
import { optimiserRegistry } from '../training/optimiser';
import { readScalars } from '../training/scalars';
import { initialState, trainingStep } from '../training/step';

const batch = 64;
const shape = [32, 32, 3] as const;
/** The first calls record, check and prepare; the fastest of the others counts, since other work only ever slows one down. */
const warmUp = 3;
const timed = 4;

/** Milliseconds of one adversarial training step of a WRN-16-2 in both precisions, in this process. */
export async function timeSteps(): Promise<Record<'float32' | 'bfloat16', number>> {
  const engine = await openEngine('tensorflow');
  const model = buildModel('wrn', { depth: 16, width: 2 }, shape, 10);
  const entry = optimiserRegistry.get('sgd');
  const optimiser = { entry, options: resolve(entry.options, { lr: 0.01 }, entry.id) };
  const plan = { model, objective: bindObjective('fgsm-rs', {}), optimiser, clip: 0, ema: 0, parts: engine.parts };
  const x = engine.random(key(0, 'calibrate')).uniform([batch, ...shape]);
  const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);
  const inputs = { x, y: tf.tensor1d(labels, 'int32'), lr: tf.scalar(0.01), t: tf.scalar(0) };
  const found = { float32: Infinity, bfloat16: Infinity };
  for (const precision of ['float32', 'bfloat16'] as const) {
    const state = initialState(plan, model.init(engine.random(key(0, 'weights'))));
    const step = engine.compile(trainingStep(plan), state, { precision });
    for (let i = 0; i < warmUp + timed; i++) {
      const began = performance.now();
      const outputs = step.run(inputs, key(0, 'step', i));
      await readScalars(outputs);
      tf.dispose(Object.values(outputs));
      if (i >= warmUp) found[precision] = Math.min(found[precision], performance.now() - began);
    }
    step.dispose();
  }
  tf.dispose(Object.values(inputs));
  await engine.dispose();
  return found;
}

const answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ timing: v.object({ float32: v.number(), bfloat16: v.number() }) }),
);

async function timeInChild(tuning: Tuning, signal: AbortSignal): Promise<Timing> {
  const args = [path.join(packageRoot, 'bin/lowland.mjs'), 'doctor', '--engine', 'tensorflow', '--calibrate'];
  const env = { ...process.env, ...environmentOf(tuning), ELECTRON_RUN_AS_NODE: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, [...args, '--json', '--quiet'], { env, signal }).catch(
    (cause: unknown) => {
      if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.');
      throw new AppError(
        'ENGINE',
        'A process that measured the tensorflow engine failed.',
        'See lowland doctor.',
        cause,
      );
    },
  );
  return { tuning, ...v.parse(answer, stdout).timing };
}

/** Times every candidate, one after the other, and remembers the fastest for this machine. */
export async function calibrate(
  progress: Progress,
  signal: AbortSignal,
): Promise<{ tuning: Tuning; timings: Timing[] }> {
  const [first, ...others] = candidates();
  if (!first) throw new Error('there is always a candidate');
  const timings: [Timing, ...Timing[]] = [await timeInChild(first, signal)];
  for (const candidate of others) {
    progress.update('calibrating', timings.length, others.length + 1, 'settings');
    timings.push(await timeInChild(candidate, signal));
  }
  return { tuning: await rememberTuning(timings), timings };
}
