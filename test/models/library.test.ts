/** Models by name: embedded, imported, by path, from runs; import checks before it writes. */
import * as tf from '@tensorflow/tfjs-core';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { importModel } from '../../core/models/import';
import { findModel, listModels } from '../../core/models/library';
import type { Model } from '../../core/models/model';
import { buildModel } from '../../core/models/registry';
import { type RawTensor, decodeSafetensors, encodeSafetensors } from '../../core/models/safetensors';
import { describeModel } from '../../core/models/weights';
import { open } from '../engines';
import { fixture, formulaTensors, modelOf, reference } from './reference';

let engine: Engine;
let data: string;
beforeAll(async () => {
  engine = await open('cpu');
});
afterAll(() => engine.dispose());
beforeEach(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), 'library-'));
});
afterEach(() => rm(data, { recursive: true }));

const mlp = (seed = 0): { model: Model; bytes: Uint8Array } => {
  const model = buildModel('mlp', { width: 4, depth: 1 }, [1, 1, 2], 2);
  const metadata = {
    ...describeModel(model),
    dataset: 'toy-moons',
    classes: '["left", "right"]',
    configuration: JSON.stringify({ name: 'toy/jeat', seed, objective: { id: 'jeat', options: {} } }),
  };
  return { model, bytes: encodeSafetensors(formulaTensors(model), metadata) };
};

async function put(place: string, bytes: Uint8Array | string): Promise<string> {
  const file = path.join(data, place);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}

/** Finds, gives the card, and disposes the weights. */
async function find(name: string) {
  const { weights, ...found } = await findModel(name, data);
  expect(Object.keys(weights).sort()).toEqual(found.model.parameters.map((parameter) => parameter.name).sort());
  tf.dispose({ ...weights });
  return found;
}

describe('the library', () => {
  it('every embedded model loads, with a card that fits it', async () => {
    const before = tf.memory().numTensors;
    const embedded = (await listModels(data)).filter(({ source }) => source === 'embedded');
    for (const listed of embedded) {
      const found = await find(listed.name);
      expect('card' in listed && listed.card.parameters).toBe(found.card.parameters);
      expect(found.classes).toHaveLength(found.model.classes);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('finds imported models by whole or last name, and files by path', async () => {
    await put('models/toys/small.safetensors', mlp().bytes);
    for (const name of ['toys/small', 'small', path.join(data, 'models/toys/small.safetensors')]) {
      const found = await find(name);
      expect(found).toMatchObject({ dataset: 'toy-moons', classes: ['left', 'right'] });
      expect(found.card).toMatchObject({
        architecture: 'mlp',
        parameters: 22,
        preset: 'toy/jeat',
        objective: 'jeat',
        seed: 0,
      });
    }
  });

  it('puts the card beside a file over what the file says', async () => {
    await put('models/a.safetensors', mlp().bytes);
    await put(
      'models/a.json',
      JSON.stringify({ name: 'other', title: 'A', clean: 0.5, classes: ['l', 'r'], extra: 1 }),
    );
    const found = await find('a');
    expect(found.card).toMatchObject({ name: 'a', title: 'A', clean: 0.5, architecture: 'mlp', extra: 1 });
    expect(found.classes).toEqual(['l', 'r']);
  });

  it('a card that is none is named in the list, and its model is not loaded', async () => {
    const before = tf.memory().numTensors;
    await put('models/a.safetensors', mlp().bytes);
    await put('models/a.json', '{"name": "a", "robust": {"accuracy": 7}}');
    await put('models/b.safetensors', mlp().bytes);
    const listed = (await listModels(data)).filter(({ source }) => source === 'imported');
    expect(listed).toMatchObject([
      { name: 'a', problem: expect.stringContaining('robust') },
      { name: 'b', card: { name: 'b' } },
    ]);
    await expect(findModel('a', data)).rejects.toMatchObject({ code: 'BAD_FILE' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the nearest model, and asks when a last name is not enough', async () => {
    await put('models/x/one.safetensors', mlp().bytes);
    await put('models/y/one.safetensors', mlp().bytes);
    await expect(findModel('one', data)).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      message: "'one' may be any of x/one, y/one.",
    });
    await expect(findModel('x/ome', data)).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      hint: "Did you mean 'x/one'?",
    });
    await expect(findModel('none.safetensors', data)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it("takes a run's result, else its newest checkpoint", async () => {
    await put('runs/r/run.json', '{}');
    await expect(findModel('r', data)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining("'r'"),
    });
    await put('runs/r/checkpoints/step-9/weights.safetensors', mlp(9).bytes);
    await put('runs/r/checkpoints/step-10/weights.safetensors', mlp(10).bytes);
    await put('runs/r/checkpoints/step-11.partial-1/weights.safetensors', mlp(11).bytes);
    expect((await find('r')).card.seed).toBe(10);
    await put('runs/r/weights.safetensors', mlp(12).bytes);
    expect((await find(path.join(data, 'runs/r'))).card).toMatchObject({ name: 'r', seed: 12 });
  });
});

describe('import', () => {
  const take = (file: string, name: string, model?: Model) =>
    importModel({
      file,
      name,
      dataFolder: data,
      model,
      metadata: model ? { dataset: 'toy-moons', classes: '["l","r"]' } : {},
    });

  it("takes PyTorch's file, and leaves out the counters of its batch norms", async () => {
    const [about] = reference.files;
    if (!about) throw new Error('no fixture');
    const file = await put('given.safetensors', fixture(about.file));
    const { card } = await take(file, 'res', modelOf(about));
    expect(card).toMatchObject({ name: 'res', architecture: 'resnet18', parameters: expect.any(Number) });
    expect(await readdir(path.join(data, 'models'))).toEqual(['res.json', 'res.safetensors']);
    expect((await find('res')).model.options).toEqual(modelOf(about).options);
  });

  it("takes a file of ours as it is, and one from PyTorch's DataParallel", async () => {
    const { model, bytes } = mlp();
    await take(await put('ours.safetensors', bytes), 'ours');
    expect(Buffer.compare(await readFile(path.join(data, 'models/ours.safetensors')), bytes)).toBe(0);
    const wrapped = Object.entries(formulaTensors(model)).map(([name, raw]): [string, RawTensor] => [
      `module.${name}`,
      raw,
    ]);
    await take(await put('wrapped.safetensors', encodeSafetensors(Object.fromEntries(wrapped))), 'wrapped', model);
    const stored = decodeSafetensors(await readFile(path.join(data, 'models/wrapped.safetensors')), 'x');
    expect(stored.tensors).toEqual(formulaTensors(model));
    expect((await find('wrapped')).classes).toEqual(['l', 'r']);
  });

  it.each(['', '../a', 'a/b', '.hidden', 'a b', 'x'.repeat(200)])("refuses the name '%s'", async (name) => {
    await expect(take(await put('ours.safetensors', mlp().bytes), name)).rejects.toMatchObject({ code: 'USAGE' });
    expect(await readdir(data)).toEqual(['ours.safetensors']);
  });

  it('writes nothing when the file does not fit, does not say what it is, or the name is taken', async () => {
    const file = await put('ours.safetensors', mlp().bytes);
    const other = buildModel('mlp', { width: 5, depth: 1 }, [1, 1, 2], 2);
    await expect(take(file, 'a', other)).rejects.toMatchObject({ code: 'BAD_WEIGHTS' });
    const bare = await put('bare.safetensors', encodeSafetensors(formulaTensors(other)));
    await expect(take(bare, 'a')).rejects.toMatchObject({ code: 'BAD_FILE', hint: expect.stringContaining('--arch') });
    expect((await readdir(data)).sort()).toEqual(['bare.safetensors', 'ours.safetensors']);
    await take(file, 'a');
    await copyFile(bare, file);
    await expect(take(file, 'a', other)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('already'),
    });
    expect((await find('a')).model.options).toMatchObject({ width: 4 });
  });
});
