/** Faults of a GPU that no call throws: remembered, and thrown by the next read. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { watchDevice } from '../../core/engine/webgpu-faults';
import { open, testEngines } from '../engines';

async function afterLoss(reason: GPUDeviceLostReason, message: string) {
  const lost = Promise.resolve<GPUDeviceLostInfo>({ __brand: 'GPUDeviceLostInfo', reason, message });
  const raise = watchDevice({ lost, addEventListener: () => undefined });
  expect(raise).not.toThrow();
  await lost;
  return raise;
}

test('a lost device is a fault', async () => {
  expect(await afterLoss('unknown', 'VK_ERROR_DEVICE_LOST.\n - While waiting')).toThrow(
    expect.objectContaining({ code: 'ENGINE', message: 'The GPU was lost: VK_ERROR_DEVICE_LOST.' }),
  );
});

test('a destroyed device is none', async () => {
  expect(await afterLoss('destroyed', 'Device was destroyed.')).not.toThrow();
});

describe.each(testEngines.filter((id) => id === 'webgpu'))('on %s', (id) => {
  test('a kernel of more buffers than the GPU allows stops every read from then on, and no other engine', async () => {
    const engine = await open(id);
    const x = tf.tensor1d([1, 2]);
    expect([...(await tf.add(x, 1).data())]).toEqual([2, 3]);
    const sum = tf.addN(Array.from({ length: 100 }, () => tf.add(x, 1)));
    const fault = { code: 'ENGINE', message: expect.stringMatching(/^The GPU refused a command: [^\n]*\d[^\n]*\.$/) };
    await expect(sum.data()).rejects.toMatchObject(fault);
    await expect(tf.add(x, 1).data()).rejects.toMatchObject(fault);
    await engine.dispose();

    const next = await open(id);
    expect([...(await tf.add(tf.tensor1d([1, 2]), 1).data())]).toEqual([2, 3]);
    await next.dispose();
  });
});
