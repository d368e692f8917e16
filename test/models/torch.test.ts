/** PyTorch's own files (made by test/fixtures/models/make_torch.py): every kind of number and view, every wrapping, every protocol. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { matched } from '../../core/models/checkpoints/match';
import { openWeights } from '../../core/models/checkpoints/open';
import { encodeNpzWeights } from '../../core/models/checkpoints/npz-weights';
import { buildModel } from '../../core/models/registry';
import { encodeSafetensors } from '../../core/models/safetensors';
import { fixture } from './reference';

const content = v.object({ shape: v.array(v.number()), values: v.array(v.number()) });
const expected = v.parse(
  v.object({ kinds: v.record(v.string(), content), mlp: v.record(v.string(), content) }),
  JSON.parse(readFileSync(new URL('../fixtures/models/torch/torch.json', import.meta.url), 'utf8')),
);
const opened = (file: string) => openWeights(fixture(`torch/${file}`), file);
const mlp = buildModel('mlp', { width: 3, depth: 1 }, [1, 1, 2], 2);

describe.each(['kinds.pth', 'kinds-legacy.pth'])('%s', (file) => {
  const { tensors } = opened(file);
  it('has these tensors, and no more', () => {
    expect(Object.keys(tensors)).toEqual(Object.keys(expected.kinds));
  });
  it.each(Object.entries(expected.kinds))('%s', (name, { shape, values }) => {
    expect(tensors[name]?.shape).toEqual(shape);
    expect([...(tensors[name]?.data ?? [])]).toEqual(values.map(Math.fround));
  });
});

const order = 'The names differ; tensors were taken in the order of the file, with the shapes of the model:';
it.each([
  ['plain.pth', []],
  ['protocol-3.pth', ["The weights are those below 'state_dict'."]],
  ['protocol-4.pth', ["The weights are those below 'model.module'."]],
  ['protocol-5.pth', ["The weights are those below 'net'."]],
  ['legacy.pth', ["The weights are those below 'state_dict'."]],
  ['training.pth', ["The weights are those below 'state_dict.module'."]],
  ['ema.pth', ["The weights are those below 'ema'."]],
  ['wrapped.pth', ["The weights are those below '1.model'."]],
  [
    'other-names.pth',
    [
      order,
      'state_dict.layers.1.weight -> fc1.weight',
      'state_dict.layers.1.bias -> fc1.bias',
      'state_dict.layers.2.weight -> fc2.weight',
      'state_dict.layers.2.bias -> fc2.bias',
    ],
  ],
  ['plain.npz', ['Not used: steps.']],
])('%s gives the weights of the network', (file, report) => {
  const found = matched(mlp, opened(file), file);
  expect(found.report).toEqual(report);
  for (const [name, { shape, values }] of Object.entries(expected.mlp)) {
    expect(found.tensors[name]?.shape).toEqual(shape);
    expect([...(found.tensors[name]?.data ?? [])]).toEqual(values);
  }
});

it('half.npz gives them in half precision', () => {
  const { tensors } = matched(mlp, opened('half.npz'), 'half.npz');
  for (const [name, { values }] of Object.entries(expected.mlp))
    values.forEach((value, i) => expect(tensors[name]?.data[i]).toBeCloseTo(value, 3));
});

it('an .npz of ours reads back the same, and twice gives the same bytes', () => {
  const { tensors } = opened('plain.pth');
  const bytes = encodeNpzWeights(tensors);
  expect(openWeights(bytes, 'ours').tensors).toEqual(tensors);
  expect(Buffer.compare(encodeNpzWeights(tensors), bytes)).toBe(0);
});

it('a safetensors file whose first bytes look like a pickle or an archive is read as what it is', () => {
  const tensors = { w: { shape: [1], data: Float32Array.of(1) } };
  for (const wanted of [0x80, 0x280, 0x480, 0x4b50]) {
    const bare = encodeSafetensors(tensors, { pad: '' });
    const bytes = encodeSafetensors(tensors, {
      pad: 'x'.repeat(wanted - Number(new DataView(bare.buffer).getBigUint64(0, true))),
    });
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true))).toBe(wanted);
    expect(openWeights(bytes, 'odd').tensors).toEqual(tensors);
  }
});
