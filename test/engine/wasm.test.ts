/** What the probes of the engines say, and that the wasm engine opens twice and beside others. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { openCpu, probeCpu } from '../../core/engine/cpu';
import { openWasm, probeWasm } from '../../core/engine/wasm';
import { probeWebgpu } from '../../core/engine/webgpu';

test('wasm and cpu always work, and wasm says that it uses SIMD', async () => {
  expect(await probeCpu()).toMatchObject({ works: true, info: { id: 'cpu', threads: 1 } });
  const { works, info } = await probeWasm();
  expect(works).toBe(true);
  expect(info?.version).toContain('SIMD');
  expect(info?.version).not.toContain('no SIMD');
  expect(info?.device).not.toBe('');
});

test('webgpu works, or says in a sentence why not', async () => {
  const { works, reason, info } = await probeWebgpu();
  if (works) expect(info?.device).not.toBe('');
  else expect(reason).toMatch(/^[A-Z].+\.$/);
});

test('engines take turns in one process', async () => {
  for (const openEngine of [openWasm, openCpu, openWasm]) {
    const engine = await openEngine();
    expect(tf.getBackend()).toBe(engine.id);
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const product = tf.matMul(x, x, true, false);
    expect([...(await product.data())]).toEqual([10, 14, 14, 20]);
    tf.dispose([x, product]);
    await engine.dispose();
  }
});
