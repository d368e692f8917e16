/** The wheel's unpacking, by the real python3: the files that are asked for, none outside the folder. */
import { type Zippable, strToU8, zipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unpackTensorflow } from '../../core/engine/setup-unpack';
import { silent } from '../../core/lib/progress';

const library = 'tensorflow/libtensorflow_cc.so.2';
const header = 'tensorflow/include/tensorflow/c/c_api.h';

describe.runIf(spawnSync('python3', ['--version']).status === 0)('unpacking a wheel', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'lowland-wheel-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  async function unpack(entries: Zippable | Uint8Array): Promise<string[]> {
    const [wheel, target] = [path.join(root, 'x.whl'), path.join(root, 'a', 'target')];
    writeFileSync(wheel, entries instanceof Uint8Array ? entries : zipSync(entries));
    await unpackTensorflow(wheel, target, { progress: silent });
    return files(target);
  }

  const files = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
      .sort();

  test('takes libraries and C headers only', async () => {
    const entry = strToU8('x');
    const others = { 'tensorflow/python/a.so': entry, 'tensorflow/include/absl/a.h': entry, 'setup.py': entry };
    expect(await unpack({ [library]: entry, [header]: entry, ...others })).toEqual([header, library]);
  });

  test.each(['tensorflow/include/tensorflow/c/../../../../../out.h', 'tensorflow/include/tensorflow/c/C:\\out.h'])(
    'refuses %s',
    async (name) => {
      await expect(unpack({ [name]: strToU8('x') })).rejects.toThrow(/could not be unpacked: .*outside its folder/);
      expect(files(root)).toEqual(['x.whl']);
    },
  );

  test('refuses a wheel without the libraries, a torn one and one that is none', async () => {
    await expect(unpack({ 'other.txt': strToU8('x') })).rejects.toThrow(/none of the files/);
    const whole = zipSync({ [library]: strToU8('x'.repeat(1000)) });
    await expect(unpack(whole.slice(0, 60))).rejects.toThrow(/could not be unpacked/);
    await expect(unpack(strToU8('no zip'))).rejects.toThrow(/could not be unpacked/);
  });
});
