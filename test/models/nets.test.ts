/** The networks that assets/architectures describes, against PyTorch: by formula weights, and, where they are at hand, the published files. */
import * as tf from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { packageRoot } from '../../core/lib/paths';
import { matched } from '../../core/models/checkpoints/match';
import { openWeights } from '../../core/models/checkpoints/open';
import { modelOf, recognised, templates } from '../../core/models/checkpoints/templates';
import type { Model } from '../../core/models/model';
import { type RawTensor, encodeSafetensors } from '../../core/models/safetensors';
import { decodeWeights } from '../../core/models/weights';
import { open, testEngines } from '../engines';
import { fixture, formulaImages, formulaTensors } from './reference';

const rows = v.array(v.array(v.number()));
const nets = v.parse(
  v.object({
    described: v.record(v.string(), rows),
    published: v.record(v.string(), v.object({ sha256: v.string(), architecture: v.string(), logits: rows })),
  }),
  JSON.parse(new TextDecoder().decode(fixture('nets.json'))),
);
/** The files themselves are no part of the project. */
const folder = process.env.LOWLAND_PUBLISHED_NETS ?? path.join(packageRoot, '../shared/data/robust-cifar10-small');

describe.each(testEngines)('described networks on %s', (id) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());

  async function largestDifference(model: Model, tensors: Record<string, RawTensor>, expected: number[][]) {
    const weights = decodeWeights(model, encodeSafetensors(tensors));
    const x = formulaImages(expected.length, model.inputShape);
    const logits = model.logits(weights, x);
    const found = await logits.data();
    tf.dispose([weights, x, logits]);
    return Math.max(...expected.flat().map((value, i) => Math.abs(value - (found[i] ?? NaN))));
  }

  it.each(Object.entries(nets.described))('%s equals PyTorch', async (name, expected) => {
    const template = (await templates()).find((each) => each.id === name);
    expect(template).toBeDefined();
    if (!template) return;
    const model = modelOf(template, template.classes.length);
    expect(await largestDifference(model, formulaTensors(model), expected)).toBeLessThan(1e-4);
  });

  it.runIf(existsSync(folder)).each(Object.entries(nets.published))(
    '%s is recognised, and equals PyTorch',
    async (file, { sha256, architecture, logits }) => {
      const bytes = new Uint8Array(readFileSync(path.join(folder, file)));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      const stored = openWeights(bytes, file);
      const { template, model } = await recognised(stored.tensors, file);
      expect(template.id).toBe(architecture);
      const { tensors } = matched(model, stored, file);
      expect(await largestDifference(model, tensors, logits)).toBeLessThan(1e-4);
    },
  );
});
