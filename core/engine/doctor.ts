/**
 * Whether an engine works here, found out by using it: opened, a matrix product, a convolution and its gradients against known
 * values, random numbers twice. Done in a child process, a driver that crashes takes only the child along.
 */
import * as tf from '@tensorflow/tfjs-core';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { AppError } from '../lib/errors';
import { isJsonObject } from '../lib/json';
import { key } from '../lib/key';
import { packageRoot } from '../lib/paths';
import { type EngineId, type EngineProbe, engineIds } from './engine';
import { openEngine } from './open';

export interface Examination extends EngineProbe {
  readonly id: EngineId;
  readonly hint?: string;
  /** From nothing to the first results. */
  readonly seconds?: number;
  /** Resident memory of the process after it. */
  readonly bytes?: number;
}

/** Examines an engine in this process, which it becomes the active one of. Never throws. */
export async function examine(id: EngineId): Promise<Examination> {
  const began = performance.now();
  try {
    const engine = await openEngine(id);
    const wrong = await wrongResult(engine.random);
    if (wrong) return { id, works: false, reason: `It computes a wrong ${wrong}.` };
    const { device, version, threads, parts, capabilities } = engine;
    const seconds = Math.round(performance.now() - began) / 1000;
    await engine.dispose();
    const bytes = process.memoryUsage.rss();
    return { id, works: true, info: { id, device, version, threads, parts, capabilities }, seconds, bytes };
  } catch (error) {
    const hint = error instanceof AppError ? error.hint : undefined;
    return {
      id,
      works: false,
      reason: error instanceof Error ? error.message : String(error),
      ...(hint !== undefined && { hint }),
    };
  }
}

/** What the engine gets wrong, if anything. */
async function wrongResult(random: Awaited<ReturnType<typeof openEngine>>['random']): Promise<string | undefined> {
  const checks: [what: string, result: () => tf.Tensor, expected: readonly number[]][] = [
    [
      'matrix product',
      () => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([1, 2, 3, 4], [2, 2])),
      [7, 10, 15, 22],
    ],
    ['convolution', () => tf.sum(convolve(image(), filter())), [100]],
    ['input gradient', () => tf.sum(tf.grad((x) => tf.sum(convolve(x, filter())))(image())), [100]],
    ['filter gradient', () => tf.grad((w) => tf.sum(convolve(image(), w)))(filter()), [9, 12, 9, 12, 16, 12, 9, 12, 9]],
    [
      'random number',
      () => tf.sub(random(key(1, 'doctor')).normal([4]), random(key(1, 'doctor')).normal([4])),
      [0, 0, 0, 0],
    ],
  ];
  for (const [what, result, expected] of checks) {
    const tensor = tf.tidy(result);
    const values = await tensor.data();
    tensor.dispose();
    if (values.length !== expected.length || !expected.every((value, i) => Math.abs(value - (values[i] ?? NaN)) < 1e-4))
      return what;
  }
  return undefined;
}

const image = () => tf.ones([1, 4, 4, 1]);
const filter = () => tf.ones([3, 3, 1, 1]);
const convolve = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');

/** The same in a child process, given up after a minute (`timeout`, in ms). Never throws but CANCELLED. */
export function examineInChild(
  id: EngineId,
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal; timeout?: number } = {},
): Promise<Examination> {
  const args = [path.join(packageRoot, 'bin/lowland.mjs'), 'doctor', '--engine', id, '--json', '--quiet'];
  const env = { ...process.env, ...options.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { env, timeout: options.timeout ?? 60_000, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        if (options.signal?.aborted) return reject(new AppError('CANCELLED', 'Cancelled.'));
        const found = reported(id, stdout);
        if (found) return resolve(found);
        const last = stderr.trim().split('\n').at(-1) ?? '';
        const how = error?.killed ? 'did not answer in time' : `crashed (${error?.signal ?? last})`;
        resolve({ id, works: false, reason: `The process that tried it ${how}.` });
      },
    );
  });
}

/** The examination in a child's `lowland doctor --json`. */
function reported(id: EngineId, stdout: string): Examination | undefined {
  try {
    const report: unknown = JSON.parse(stdout);
    const engines = isJsonObject(report) && Array.isArray(report.engines) ? report.engines : [];
    return engines.find((engine): engine is Examination => isJsonObject(engine) && engine.id === id);
  } catch {
    return undefined;
  }
}

/** All engines, each in a child of its own. */
export const examineAll = (signal?: AbortSignal): Promise<Examination[]> =>
  Promise.all(engineIds.map((id) => examineInChild(id, { ...(signal && { signal }) })));
