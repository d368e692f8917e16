/** Choosing an engine: the order of preference over what probes find, and what is said of a named one that does not work. */
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { bestEngine, enginesByRank } from '../../core/engine/choice';
import { type EngineId, engineIds } from '../../core/engine/engine';
import { openEngine } from '../../core/engine/open';
import { testEngines } from '../engines';

/** Devices of the engines that work. */
type Machine = Partial<Record<EngineId, string>>;

const processor = 'AMD EPYC';
const always = { wasm: processor, cpu: processor };

const probe = (machine: Machine) => async (id: EngineId) => {
  const device = machine[id];
  if (device === undefined) return { works: false, reason: 'It does not.' };
  return {
    works: true,
    info: {
      id,
      device,
      version: '1',
      threads: 1,
      parts: 1,
      capabilities: { secondOrder: true, precisions: ['float32' as const] },
    },
  };
};

const machines: [what: string, machine: Machine, order: EngineId[]][] = [
  ['nothing set up', always, ['wasm', 'cpu']],
  ['no WebAssembly', { cpu: processor }, ['cpu']],
  ['libtensorflow on the processor', { ...always, tensorflow: processor }, ['tensorflow', 'wasm', 'cpu']],
  ['SwiftShader', { ...always, webgpu: 'swiftshader-device, SwiftShader driver 5.0.0' }, ['wasm', 'cpu']],
  ['lavapipe', { ...always, webgpu: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, ['wasm', 'cpu']],
  ['an integrated GPU', { ...always, webgpu: 'AMD Radeon Graphics (RADV RENOIR)' }, ['webgpu', 'wasm', 'cpu']],
  [
    'an integrated GPU and libtensorflow',
    { ...always, webgpu: 'Intel(R) UHD Graphics 620', tensorflow: processor },
    ['tensorflow', 'webgpu', 'wasm', 'cpu'],
  ],
  [
    'a discrete GPU and libtensorflow on the processor',
    { ...always, webgpu: 'NVIDIA GeForce RTX 4070', tensorflow: processor },
    ['webgpu', 'tensorflow', 'wasm', 'cpu'],
  ],
  [
    'libtensorflow on the GPU',
    { ...always, webgpu: 'NVIDIA H100', tensorflow: 'NVIDIA H100' },
    ['tensorflow', 'webgpu', 'wasm', 'cpu'],
  ],
  ['Apple silicon', { ...always, webgpu: 'apple, Apple M2 Pro' }, ['webgpu', 'wasm', 'cpu']],
];

describe.each(machines)('with %s', (_what, machine, order) => {
  test(`the order is ${order.join(', ')}`, async () => {
    const ranked: EngineId[] = [];
    for await (const id of enginesByRank(probe(machine))) ranked.push(id);
    expect(ranked).toEqual(order);
    expect(await bestEngine(probe(machine))).toBe(order[0]);
  });
});

const before = { ...process.env };
afterEach(() => {
  for (const name of ['LOWLAND_TENSORFLOW', 'LOWLAND_DATA'])
    if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before[name];
});
const nowhere = path.join(os.tmpdir(), 'lowland-nowhere');

test('tensorflow without a set-up says how to get it, and is passed over when none is named', async () => {
  process.env.LOWLAND_TENSORFLOW = nowhere;
  await expect(openEngine('tensorflow')).rejects.toMatchObject({
    code: 'ENGINE',
    message: 'libtensorflow is not set up.',
    hint: expect.stringContaining('lowland setup tensorflow'),
  });
  const engine = await openEngine();
  expect(['webgpu', 'wasm']).toContain(engine.id);
  await engine.dispose();
});

test('engines that are asked for by name are themselves', async () => {
  for (const id of testEngines) {
    const engine = await openEngine(id);
    expect(engine.id).toBe(id);
    expect(engineIds).toContain(id);
    expect(engine.device).not.toBe('');
    expect(engine.version).toMatch(/\d+\.\d+/);
    expect(engine.threads).toBeGreaterThan(0);
    await engine.dispose();
  }
});
