/**
 * TensorFlow.js's native backend over a current libtensorflow. The npm package brings the JavaScript half; libtensorflow and the
 * compiled binding come from the user's folder, so nothing is written into node_modules and no install script runs.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { createRequire } from 'node:module';
import { AppError } from '../lib/errors';
import { registerComposition } from './kernels';
import { convolutionGradients } from './tensorflow-conv';
import { gathering } from './tensorflow-gather';
import { type TensorflowBuild, findBuilds } from './tensorflow-folder';
import { currentTuning, environmentOf } from './tuning';

const require = createRequire(import.meta.url);

/** libtensorflow reads these as it loads: silent, equal bits from run to run, and no more GPU memory than is used. */
const settings = { TF_CPP_MIN_LOG_LEVEL: '3', TF_DETERMINISTIC_OPS: '1', TF_FORCE_GPU_ALLOW_GROWTH: 'true' };

export const setupHint = "Run 'lowland setup tensorflow' (or add --gpu for an NVIDIA GPU).";

export interface LoadedBinding {
  readonly build: TensorflowBuild;
  readonly binding: TFJSBinding;
}

let loaded: LoadedBinding | undefined;

/**
 * Loads libtensorflow into this process, once: the first build that loads.
 * @throws AppError ENGINE when there is none, or none loads.
 */
export function loadBinding(): LoadedBinding {
  if (loaded) return loaded;
  for (const [name, value] of Object.entries({ ...settings, ...environmentOf(currentTuning()) }))
    process.env[name] ??= value;
  const builds = findBuilds();
  let cause: unknown;
  for (const build of builds) {
    try {
      return (loaded = { build, binding: quietly(build) });
    } catch (error) {
      cause = error;
    }
  }
  const [first] = builds;
  throw first
    ? new AppError('ENGINE', `libtensorflow in '${first.folder}' does not load: ${reason(cause)}.`, setupHint, cause)
    : new AppError('ENGINE', 'libtensorflow is not set up.', setupHint);
}

function quietly({ binding, mute }: TensorflowBuild): TFJSBinding {
  const stderr: { mute(): void; unmute(): void } = require(mute);
  stderr.mute();
  try {
    return require(binding);
  } finally {
    stderr.unmute();
  }
}

const reason = (cause: unknown): string =>
  ((cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '').replace(/\.$/, '');

/**
 * The tfjs backend 'tensorflow' over the loaded library, registered with all its kernels.
 * @throws AppError ENGINE when the library or the npm package is missing.
 */
export async function tensorflowBackend(): Promise<NodeJSKernelBackend> {
  const { binding } = loadBinding();
  restoreUtil();
  const { NodeJSKernelBackend: Backend } =
    await import('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js').catch((cause: unknown) => {
      throw new AppError(
        'ENGINE',
        'The optional package @tensorflow/tfjs-node-gpu is not installed.',
        'Run npm install.',
        cause,
      );
    });
  const there: unknown = tf.findBackend('tensorflow');
  if (there instanceof Backend) return there;
  await import('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js');
  const backend = new Backend(binding, '@tensorflow/tfjs-node-gpu');
  for (const kernel of [...convolutionGradients(backend), gathering(backend)])
    registerComposition('tensorflow', kernel);
  tf.registerBackend('tensorflow', () => backend);
  return backend;
}

/** tfjs-node calls two functions that Node 22 deprecates and Node 23 lacks. */
function restoreUtil(): void {
  const util: Record<string, unknown> = require('node:util');
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}
