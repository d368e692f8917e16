/** CUDA's libraries for the GPU build, from NVIDIA's wheels. */
import { mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Fetching, download } from './setup-fetch';
import { unpack } from './setup-unpack';

/**
 * Fetches the wheels that TensorFlow's own metadata asks for, and unpacks them beside it, where it looks for them. Their sums are the
 * package index's, which pip checks; they are not pinned here.
 */
export async function addCuda(staging: string, folder: string, fetching: Fetching): Promise<void> {
  const metadata = (await readdir(staging)).find((name) => name.endsWith('.dist-info'));
  const text = await readFile(path.join(staging, metadata ?? '', 'METADATA'), 'utf8');
  const needs = [...text.matchAll(/^Requires-Dist: (nvidia-[\w.-]+)\s*\(?([^;)]*)\)?; extra == "and-cuda"/gm)];
  const platforms = ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64'];
  const cuda = path.join(folder, 'cuda');
  await mkdir(cuda, { recursive: true });
  for (const [, name = '', range = ''] of needs) {
    const tags = platforms.flatMap((platform) => ['--platform', platform]);
    await download([`${name}${range.trim()}`, ...tags], cuda, 0, fetching);
  }
  for (const name of await readdir(cuda))
    await unpack(path.join(cuda, name), staging, 'nvidia/(?!.*/include/).*|nvidia[^/]*/.*LICENSE.*', fetching);
}
