import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captured } from './captured';
import { readPngText } from '../../core/figures/png-text';
import { key } from '../../core/lib/key';
import { buildModel } from '../../core/models/registry';
import { encodeWeights } from '../../core/models/weights';
import { createRun } from '../../core/runs/store';
import { open } from '../engines';

let root: string;
let weights: Uint8Array;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lowland-export-'));
  const engine = await open('cpu');
  const model = buildModel('mlp', {}, [1, 1, 2], 2);
  const initial = model.init(engine.random(key(0, 'init')));
  weights = await encodeWeights(model, initial, {});
  tf.dispose(Object.values(initial));
  await engine.dispose();
  const run = await createRun(path.join(root, 'runs', 'a'), {
    kind: 'train',
    name: 'a',
    configuration: {},
    seed: 5,
    engine: 'cpu',
  });
  for (let step = 1; step <= 3; step++) run.append({ kind: 'step', step, loss: 1 / step });
  run.append({ kind: 'evaluation', step: 3, 'accuracy.clean': 0.75 });
  await run.file('weights.safetensors', weights);
  await run.close('done');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const cli = (...args: string[]) => captured('export', ...args, '--data-dir', root);
async function exported(ending: string, ...args: string[]): Promise<Buffer> {
  const out = path.join(root, `out${ending}`);
  expect(await cli('a', '--out', out, ...args)).toMatchObject({ code: 0, err: '' });
  return readFile(out);
}

test('the weights of a run, as they are', async () => {
  expect((await exported('.safetensors')).equals(weights)).toBe(true);
});

test('metrics as a table, a row for each step', async () => {
  expect((await exported('.csv', '--metrics', 'loss,accuracy.clean')).toString()).toBe(
    'step,loss,accuracy.clean\n1,1,\n2,0.5,\n3,0.3333333333333333,0.75\n',
  );
});

test('metrics as a chart, with its provenance', async () => {
  const svg = (await exported('.svg')).toString();
  expect(svg).toMatch(/^<svg /);
  expect(svg).toContain('loss');
  const [once, twice] = [
    await exported('.png', '--scale', '1'),
    await exported('.png', '--scale', '2', '--theme', 'dark'),
  ];
  expect(twice.readUInt32BE(16)).toBe(2 * once.readUInt32BE(16));
  expect((await exported('.pdf')).toString('latin1')).toMatch(/^%PDF/);
  expect(readPngText(once)).toMatchObject({ run: 'a', seed: '5' });
});

test.each([
  [['a'], 2, 'error[USAGE]: The export needs --out.'],
  [
    ['a', '--out', 'x.jpg'],
    2,
    "--out 'x.jpg' has none of the known endings.\n  Its ending says what to export: .safetensors, .npz, .onnx, .svg, .png, .pdf, .csv.",
  ],
  [['a', '--out', 'x.svg', '--metrics', 'los'], 2, "Unknown metric of this run 'los'.\n  Did you mean 'loss'?"],
  [['b', '--out', 'x.svg'], 3, "Unknown run 'b'."],
  [['no-such-model', '--out', 'x.safetensors'], 2, "Unknown model 'no-such-model'."],
])('%j', async (args, code, message) => {
  const result = await cli(...args);
  expect(result.err).toContain(message);
  expect(result).toMatchObject({ code, out: '' });
});
