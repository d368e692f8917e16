import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/lib/paths';
import { crc32c, tensorBoardFile } from '../../core/runs/tensorboard';

const fixture = (name: string) => readFile(path.join(packageRoot, 'test/fixtures/runs', name));

test('CRC-32C of the standard check string (RFC 3720, B.4 polynomial)', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test("the event file equals TensorBoard's own, byte for byte (fixtures/runs/make_tensorboard.py)", async () => {
  const png = new Uint8Array(await fixture('grey.png'));
  const written = tensorBoardFile(
    [
      { tag: 'loss', step: 1, t: 1500, value: 0.1 },
      { tag: 'accuracy.clean', step: 300, t: 2250, value: -2.5 },
      { tag: 'samples', step: 300, t: 2500, value: png },
    ],
    1000,
  );
  expect(Buffer.from(written).equals(await fixture('tensorboard.tfevents'))).toBe(true);
});
