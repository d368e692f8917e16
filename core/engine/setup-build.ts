/** The binding between Node and libtensorflow, compiled from the sources that the npm package carries. */
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '../lib/errors';
import { nodeHeaders, runTool, toolError } from './setup-tools';
import type { Wheel } from './setup-wheels';
import { buildIn } from './tensorflow-folder';

const require = createRequire(import.meta.url);

/** An addon of two functions, mute and unmute: libtensorflow writes to stderr while it loads, before any setting of it can apply. */
const muteSource = `
#include <fcntl.h>
#include <unistd.h>
#include <node_api.h>
static int kept = -1;
static napi_value mute(napi_env, napi_callback_info) {
  if (kept < 0 && (kept = dup(2)) >= 0) {
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, 2);
    close(nowhere);
  }
  return nullptr;
}
static napi_value unmute(napi_env, napi_callback_info) {
  if (kept >= 0) {
    dup2(kept, 2);
    close(kept);
    kept = -1;
  }
  return nullptr;
}
NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "mute", NAPI_AUTO_LENGTH, mute, nullptr, &function);
  napi_set_named_property(env, exports, "mute", function);
  napi_create_function(env, "unmute", NAPI_AUTO_LENGTH, unmute, nullptr, &function);
  napi_set_named_property(env, exports, "unmute", function);
  return exports;
}
`;

function bindingSources(): string {
  try {
    return path.join(path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'binding');
  } catch (cause) {
    throw new AppError(
      'ENGINE',
      'The optional package @tensorflow/tfjs-node-gpu is not installed.',
      'Run npm install.',
      cause,
    );
  }
}

/**
 * Compiles the binding into a staging folder whose libraries and headers are unpacked, then drops the headers.
 * @throws AppError ENGINE when the npm package is missing or the compiler fails.
 */
export async function compileBinding(wheel: Wheel, staging: string, signal?: AbortSignal): Promise<void> {
  const sources = bindingSources();
  const build = buildIn(staging);
  const libraries = path.join(staging, 'tensorflow');
  const headers = path.join(libraries, 'include');
  const link = wheel.libraries.map((name) => path.join(libraries, name));
  const files = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(sources, name));
  await compile(['-DNODE_GYP_MODULE_NAME=tfjs_binding', '-I', headers, ...files, ...link], build.binding);
  const mute = path.join(headers, 'mute.cc');
  await writeFile(mute, muteSource);
  await compile(['-DNODE_GYP_MODULE_NAME=mute', mute], build.mute);
  await rm(headers, { recursive: true, force: true });

  async function compile(what: readonly string[], output: string): Promise<void> {
    const args = ['-O2', '-std=c++17', '-shared', '-fPIC', '-w', '-DNAPI_VERSION=8', '-I', nodeHeaders()];
    const done = await runTool('g++', [...args, ...what, ...wheel.linkFlags, '-o', output], {
      ...(signal && { signal }),
    });
    if (!done.ok) throw toolError('ENGINE', 'g++ could not compile the TensorFlow binding', done);
  }
}
