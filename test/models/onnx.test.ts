/**
 * ONNX files of every architecture are, byte for byte, those that onnxruntime has run: test/fixtures/models/check_onnx.py ran them,
 * compared their logits with ours and with PyTorch's, and stored their sums. LOWLAND_ONNX_OUT=FOLDER writes the files for it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { encodeOnnx } from '../../core/models/onnx/encode';
import { modelRegistry } from '../../core/models/registry';
import { encodeSafetensors } from '../../core/models/safetensors';
import { decodeWeights } from '../../core/models/weights';
import { open } from '../engines';
import { formulaImages, formulaTensors, modelOf, reference } from './reference';

const out = process.env.LOWLAND_ONNX_OUT;
const checked = v.parse(
  v.record(v.string(), v.object({ sha256: v.string(), ours: v.number(), pytorch: v.number() })),
  JSON.parse(readFileSync(new URL('../fixtures/models/onnx.json', import.meta.url), 'utf8')),
);

let engine: Engine;
beforeAll(async () => {
  engine = await open('cpu');
});
afterAll(() => engine.dispose());

it('has a case of every architecture', () => {
  expect([...new Set(reference.cases.map(({ architecture }) => architecture))].sort()).toEqual(
    [...modelRegistry.ids].sort(),
  );
});

it.each(reference.cases)('$id', async (each) => {
  const model = modelOf(each);
  const bytes = encodeOnnx(model, formulaTensors(model), { architecture: model.architecture });
  if (out) await write(out, each, bytes);
  else {
    const known = checked[each.id];
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(known?.sha256);
    expect(known?.ours).toBeLessThan(1e-5);
    expect(known?.pytorch).toBeLessThan(1e-5);
  }
});

it('refuses weights that are not those of the model', () => {
  const [each] = reference.cases;
  if (!each) throw new Error('no case');
  const model = modelOf(each);
  expect(() => encodeOnnx(model, {}, {})).toThrow(expect.objectContaining({ code: 'BAD_WEIGHTS' }));
});

/** The file, and beside it the images [n, c, h, w] and our logits. */
async function write(folder: string, each: (typeof reference.cases)[number], bytes: Uint8Array): Promise<void> {
  const model = modelOf(each);
  const weights = decodeWeights(model, encodeSafetensors(formulaTensors(model)));
  const x = formulaImages(each.images, each.inputShape);
  const logits = model.logits(weights, x);
  const images = tf.transpose(x, [0, 3, 1, 2]);
  mkdirSync(folder, { recursive: true });
  const about = {
    id: each.id,
    shape: images.shape,
    images: [...(await images.data())],
    logits: [...(await logits.data())],
    pytorch: each.eval.logits,
  };
  const file = path.join(folder, each.id.replace(/\W+/g, '-'));
  writeFileSync(`${file}.onnx`, bytes);
  writeFileSync(`${file}.json`, JSON.stringify(about));
  tf.dispose([weights, x, logits, images]);
}
