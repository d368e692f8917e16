/** The doctor: finds engines that work, and says why of those that do not: wrong numbers, nothing set up, a crash, a hang. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandContext } from '../../core/cli/command';
import { doctorCommand } from '../../core/cli/doctor';
import { setupCommand } from '../../core/cli/setup';
import { type Examination, examine, examineInChild } from '../../core/engine/doctor';
import { type EngineId, engineIds } from '../../core/engine/engine';
import { packageRoot } from '../../core/lib/paths';
import { silent } from '../../core/lib/progress';
import { testEngines } from '../engines';

test.each(testEngines)('%s works', async (id) => {
  const found = await examine(id);
  expect(found).toMatchObject({ id, works: true, info: { id } });
  expect(found.bytes).toBeGreaterThan(1e7);
});

test('an engine that computes a wrong result does not work', async () => {
  const kernel = tf.getKernel('BatchMatMul', 'cpu');
  tf.unregisterKernel('BatchMatMul', 'cpu');
  tf.registerKernel({ ...kernel, kernelName: 'BatchMatMul', backendName: 'cpu', kernelFunc: () => tf.zeros([2, 2]) });
  try {
    expect(await examine('cpu')).toEqual({ id: 'cpu', works: false, reason: 'It computes a wrong matrix product.' });
  } finally {
    tf.unregisterKernel('BatchMatMul', 'cpu');
    if (kernel) tf.registerKernel(kernel);
  }
});

describe('in a child process', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'lowland-doctor-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** An environment in which every Node process first runs this. */
  function afflicted(source: string): NodeJS.ProcessEnv {
    const file = path.join(folder, 'affliction.cjs');
    writeFileSync(file, source);
    return { NODE_OPTIONS: `--require ${file}` };
  }

  test('an engine that works is found', async () => {
    expect(await examineInChild('cpu')).toMatchObject({ id: 'cpu', works: true, info: { id: 'cpu', threads: 1 } });
  });

  test('one that is not set up has its reason and hint', async () => {
    const found = await examineInChild('tensorflow', { env: { LOWLAND_TENSORFLOW: folder } });
    expect(found).toMatchObject({ works: false, reason: 'libtensorflow is not set up.' });
    expect(found.hint).toContain('lowland setup tensorflow');
  });

  test('a crash is its finding', async () => {
    const found = await examineInChild('cpu', { env: afflicted("process.kill(process.pid, 'SIGSEGV')") });
    expect(found).toEqual({ id: 'cpu', works: false, reason: 'The process that tried it crashed (SIGSEGV).' });
  });

  test('a failure is its finding', async () => {
    const found = await examineInChild('cpu', { env: afflicted("console.error('no such luck'); process.exit(7)") });
    expect(found).toEqual({ id: 'cpu', works: false, reason: 'The process that tried it crashed (no such luck).' });
  });

  test('a hang is its finding', async () => {
    const found = await examineInChild('cpu', { env: afflicted('for (;;);'), timeout: 500 });
    expect(found).toEqual({ id: 'cpu', works: false, reason: 'The process that tried it did not answer in time.' });
  });
});

describe('the commands', () => {
  const context = (more: Partial<CommandContext> = {}): CommandContext => ({
    seed: 0,
    engine: undefined,
    out: undefined,
    dataFolder: path.join(os.tmpdir(), 'not', 'there', 'yet'),
    set: {},
    signal: new AbortController().signal,
    progress: silent,
    ...more,
  });

  test('doctor looks at every engine and chooses one that works', async () => {
    const { json, text } = await doctorCommand.run([], { calibrate: false }, context());
    const { engines, chosen, dataFolder } = json as { engines: Examination[]; chosen: EngineId; dataFolder: object };
    expect(engines.map(({ id }) => id)).toEqual(engineIds);
    expect(engines.find(({ id }) => id === chosen)?.works).toBe(true);
    expect(dataFolder).toEqual({ path: context().dataFolder, writable: true });
    for (const { id, works, reason } of engines) expect(text).toContain(works ? id : `${id}: ${reason}`);
    expect(text).toContain(`Chosen when --engine is not given: ${chosen}`);
  });

  test('doctor looks at one engine alone, and sees a folder that cannot be', async () => {
    const file = path.join(packageRoot, 'package.json');
    const { json } = await doctorCommand.run(
      [],
      { calibrate: false },
      context({ engine: 'cpu', dataFolder: path.join(file, 'data') }),
    );
    expect(json).toMatchObject({ engines: [{ id: 'cpu', works: true }], dataFolder: { writable: false } });
    expect(json).not.toHaveProperty('chosen', expect.anything());
  });

  test('setup knows which engines need it', async () => {
    const ask = (engine: string) => setupCommand.run([engine], { gpu: false, force: false }, context());
    const near = { code: 'UNKNOWN_NAME', hint: "Did you mean 'tensorflow'?" };
    await expect(ask('tensroflow')).rejects.toMatchObject(near);
    await expect(ask('wasm')).rejects.toMatchObject({ code: 'USAGE', message: 'The wasm engine needs no set-up.' });
  });
});
