/** Weights in files: whole or refused with the tensor's name; a round trip keeps every byte. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import type { Model } from '../../core/models/model';
import { buildModel } from '../../core/models/registry';
import { type RawTensor, decodeSafetensors, encodeSafetensors } from '../../core/models/safetensors';
import {
  decodeModel,
  decodeWeights,
  describeModel,
  encodeWeights,
  loadModel,
  saveModel,
} from '../../core/models/weights';
import { open } from '../engines';
import { fixture, formulaTensors, modelOf, reference } from './reference';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await open('cpu');
  folder = await mkdtemp(path.join(os.tmpdir(), 'weights-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true });
});

const convnet = (): Model => buildModel('convnet', { widths: [2, 3], kernels: [3, 4], strides: [1, 2] }, [6, 6, 1], 3);

describe('weights', () => {
  it.each(reference.cases)('$id: written, read and written again, the bytes are the same', async (each) => {
    const before = tf.memory().numTensors;
    const model = modelOf(each);
    const weights = decodeWeights(model, encodeSafetensors(formulaTensors(model)));
    const bytes = await encodeWeights(model, weights, { dataset: 'toy', classes: '[]' });
    expect(decodeSafetensors(bytes, 'x').tensors).toEqual(formulaTensors(model));
    const again = decodeModel(bytes, 'x');
    expect(again.model.options).toEqual(model.options);
    expect(Buffer.compare(await encodeWeights(again.model, again.weights, again.metadata), bytes)).toBe(0);
    tf.dispose([weights, again.weights]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("keeps PyTorch's own file", async () => {
    const [about] = reference.files;
    if (!about) throw new Error('no fixture');
    const weights = decodeWeights(modelOf(about), fixture(about.file));
    const written = decodeSafetensors(await encodeWeights(modelOf(about), weights, {}), 'x').tensors;
    expect(written).toEqual(decodeSafetensors(fixture(about.file), 'x', (name) => name.endsWith('tracked')).tensors);
    tf.dispose(weights);
  });

  it('writes half precision when asked, and refuses what does not fit it', async () => {
    const model = convnet();
    const tensors = formulaTensors(model);
    const weights = decodeWeights(model, encodeSafetensors(tensors));
    const half = await encodeWeights(model, weights, {}, { half: true });
    expect(half.length).toBeLessThan(0.8 * (await encodeWeights(model, weights, {})).length);
    const read = decodeSafetensors(half, 'x').tensors;
    for (const [name, { data }] of Object.entries(tensors))
      data.forEach((value, i) => expect(Math.abs((read[name]?.data[i] ?? NaN) - value)).toBeLessThan(1e-3));
    const huge = { ...weights, 'conv1.bias': tf.tensor1d([1, 70000]) };
    await expect(encodeWeights(model, huge, {}, { half: true })).rejects.toMatchObject({
      code: 'BAD_WEIGHTS',
      message: expect.stringContaining("'conv1.bias' holds Infinity at position 1"),
    });
    tf.dispose([weights, huge['conv1.bias']]);
  });

  const changed = (change: (tensors: Record<string, RawTensor>) => void): Record<string, RawTensor> => {
    const tensors = formulaTensors(convnet());
    change(tensors);
    return tensors;
  };
  it.each([
    ['a missing tensor', changed((t) => delete t['conv2.bias']), "no 'conv2.bias'"],
    ['another name', changed((t) => { t['fc.bias'] = { shape: [3], data: new Float32Array(3) }; delete t['linear.bias']; }), "no 'linear.bias', but 'fc.bias'"], // prettier-ignore
    ['one tensor too many', changed((t) => { t['conv3.bias'] = { shape: [1], data: new Float32Array(1) }; }), "'conv3.bias', which the model has not"], // prettier-ignore
    ['nothing', {}, "'conv1.weight', 'conv1.bias', 'conv2.weight' and 3 more"],
    ['another shape', changed((t) => { t['conv2.weight'] = { shape: [3, 2, 3, 3], data: new Float32Array(54) }; }), "'conv2.weight' has shape [3, 2, 3, 3] where the model has [3, 2, 4, 4]"], // prettier-ignore
    ['transposed axes', changed((t) => { t['linear.weight'] = { shape: [27, 3], data: new Float32Array(81) }; }), 'has shape [27, 3] where the model has [3, 27]'], // prettier-ignore
    ['NaN', changed((t) => { if (t['linear.weight']) t['linear.weight'].data[7] = NaN; }), "'linear.weight' holds NaN at position 7"], // prettier-ignore
    ['infinity', changed((t) => { if (t['conv1.bias']) t['conv1.bias'].data[0] = -Infinity; }), "'conv1.bias' holds -Infinity"], // prettier-ignore
  ])('refuses a file with %s, and loads nothing', (_, tensors, said) => {
    const before = tf.memory().numTensors;
    expect(() => decodeWeights(convnet(), encodeSafetensors(tensors), 'some.safetensors')).toThrow(
      expect.objectContaining({ code: 'BAD_WEIGHTS', message: expect.stringContaining(said) }),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['no metadata', {}, 'BAD_FILE'],
    ['options that are no JSON', { options: '{' }, 'BAD_FILE'],
    ['an unknown architecture', { architecture: 'vit' }, 'UNKNOWN_NAME'],
    ['an option out of range', { options: '{"widths": [1e9]}' }, 'BAD_OPTION'],
    ['an input of no size', { inputShape: '[6, 6, 0]' }, 'BAD_DATA'],
    ['a huge class count', { classCount: '999999999' }, 'BAD_DATA'],
  ])('refuses %s', (what, wrong, code) => {
    const metadata = what === 'no metadata' ? {} : { ...describeModel(convnet()), ...wrong };
    const bytes = encodeSafetensors(formulaTensors(convnet()), metadata);
    expect(() => decodeModel(bytes, 'x')).toThrow(expect.objectContaining({ code }));
  });

  it('saves whole files and loads them; a missing or torn one is named', async () => {
    const model = convnet();
    const weights = decodeWeights(model, encodeSafetensors(formulaTensors(model)));
    const file = path.join(folder, 'deep', 'net.safetensors');
    await saveModel(file, model, weights, { dataset: 'toy' });
    expect(await readdir(path.dirname(file))).toEqual(['net.safetensors']);
    const loaded = await loadModel(file);
    expect(loaded.metadata).toMatchObject({ dataset: 'toy', architecture: 'convnet' });
    expect(Object.keys(loaded.weights).sort()).toEqual(Object.keys(weights).sort());
    tf.dispose([weights, loaded.weights]);
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length - 5));
    await expect(loadModel(file)).rejects.toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining(file) });
    await expect(loadModel(`${file}.not`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
