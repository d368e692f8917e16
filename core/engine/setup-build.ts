/** The binding between Node and libtensorflow, compiled from the sources that the npm package carries. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../lib/errors';
import { packageRoot } from '../lib/paths';
import { lastWords, nodeHeaders, runTool } from './setup-tools';
import type { Wheel } from './setup-wheels';
import { buildIn } from './tensorflow-folder';

/**
 * Compiles the binding into a staging folder whose libraries and headers are unpacked, then drops the headers.
 * @throws AppError ENGINE when the npm package is missing or the compiler fails.
 */
export async function compileBinding(wheel: Wheel, staging: string, signal?: AbortSignal): Promise<void> {
  const sources = path.join(packageRoot, 'node_modules/@tensorflow/tfjs-node-gpu/binding');
  if (!existsSync(sources))
    throw new AppError(
      'ENGINE',
      'The optional package @tensorflow/tfjs-node-gpu is not installed.',
      'Run npm install.',
    );
  const libraries = path.join(staging, 'tensorflow');
  const headers = path.join(libraries, 'include');
  const args = ['-O2', '-std=c++17', '-shared', '-fPIC', '-w'];
  const defines = ['-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'];
  const files = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(sources, name));
  const link = [...wheel.libraries.map((name) => path.join(libraries, name)), ...wheel.linkFlags];
  const done = await runTool(
    'g++',
    [...args, ...defines, '-I', nodeHeaders(), '-I', headers, ...files, ...link, '-o', buildIn(staging).binding],
    { ...(signal && { signal }) },
  );
  if (!done.ok) throw new AppError('ENGINE', `g++ could not compile the TensorFlow binding: ${lastWords(done)}`);
  await rm(headers, { recursive: true, force: true });
}
