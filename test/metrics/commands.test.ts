/** `lowland metrics …` on untrained nets: one JSON document each, its figures, plain errors. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { key } from '../../core/lib/key';
import { buildModel } from '../../core/models/registry';
import { saveModel } from '../../core/models/weights';
import { captured } from '../cli/captured';
import { open, testEngines } from '../engines';
import { xmlProblem } from '../figures/well-formed';

let folder: string;
const engineId = testEngines.at(-1) ?? 'wasm';

async function saveNet(name: string, seed: number, size: number): Promise<void> {
  const engine = await open(engineId);
  const built = buildModel('convnet', { widths: [8], kernels: [4], strides: [2] }, [size, size, 1], 10);
  const weights = built.init(engine.random(key(seed, 'init')));
  await saveModel(path.join(folder, `${name}.safetensors`), built, weights, { dataset: 'fashion-mnist-mini' });
  tf.dispose(Object.values(weights));
  await engine.dispose();
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-metrics-'));
  await saveNet('net', 1, 28);
  await saveNet('other', 2, 28);
  await saveNet('small', 1, 12);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const globals = () => ['--engine', engineId, '--data-dir', folder, '--seed', '3', '--quiet'];
const net = (name: string) => path.join(folder, `${name}.safetensors`);
const metrics = (...args: string[]) => captured('metrics', ...args, '--n', '24', '--batch', '16', ...globals());

const result = v.looseObject({
  data: v.literal('fashion-mnist-mini'),
  images: v.literal(24),
  seed: v.literal(3),
  figures: v.array(v.string()),
});

it.each([
  ['calibration', ['calibration', 'net'], 1, ['accuracy', 'ece10', 'ece15', 'adaptiveEce', 'brier', 'nll', 'scaling']],
  ['ood', ['ood', 'net', '--against', 'uniform,constant'], 4, ['against']],
  ['curve', ['curve', 'net', '--attacks', 'fgsm', '--eps', '0.05,0.1'], 1, ['clean', 'eps', 'attacks', 'worst']],
  ['distances', ['distances', 'net', '--attacks', 'fab', '--set', 'steps=2'], 1, ['results']],
  ['transfer', ['transfer', 'net', 'other', '--attack', 'fgsm'], 1, ['models', 'clean', 'accuracy']],
  ['energies', ['energies', 'net', '--facts', 'pgd', '--eps', '0.1'], 2, ['attacks', 'facts']],
])('%s gives one document twice the same, and its figures', async (name, words, figures, fields) => {
  const args = words.map((word) => (['net', 'other'].includes(word) ? net(word) : word));
  const out = path.join(folder, `${name}.svg`);
  const { code, out: text, err } = await metrics(...args, '--out', out, '--json');
  expect([code, err]).toEqual([0, '']);
  const found = v.parse(result, JSON.parse(text));
  for (const field of fields) expect(found, field).toHaveProperty(field);
  expect(found.figures).toHaveLength(figures);
  for (const file of found.figures) expect(xmlProblem(await readFile(file, 'utf8')), file).toBeUndefined();
  expect((await metrics(...args, '--out', out, '--json')).out).toBe(text);
  const spoken = await metrics(...args);
  expect(spoken.code).toBe(0);
  expect(spoken.out).not.toMatch(/NaN|undefined|\[object/);
});

it.each([
  ['ood', ['ood', 'net', '--against', 'fashion-mnist-mini'], "'fashion-mnist-mini' is what the model is measured on."],
  ['ood', ['ood', 'net', '--against', ','], 'There is nothing to compare with.'],
  ['transfer', ['transfer', 'net'], 'Transfer is between at least two models.'],
  [
    'transfer',
    ['transfer', 'net', 'small'],
    "'small' takes 12x12x1 images of 10 classes; the images are 28x28x1 of 10.",
  ],
  ['curve', ['curve', 'net', '--eps', '0,1'], "--eps holds '0'; a radius is above 0."],
  ['distances', ['distances', 'net', '--attacks', 'pgd'], "'pgd' does not look for the smallest perturbation."],
  ['energies', ['energies', 'net', '--facts', 'pgdd'], "Unknown fact 'pgdd'."],
  ['calibration', ['calibration', 'net', '--split', 'tests'], "Unknown split 'tests'."],
])('%s refuses what it cannot measure: %j', async (_, words, sentence) => {
  const args = words.map((word) => (['net', 'small'].includes(word) ? net(word) : word));
  const { code, out, err } = await metrics(...args);
  expect(code).toBeGreaterThan(1);
  expect(out).toBe('');
  expect(err).toContain(sentence);
});
