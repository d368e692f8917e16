/** Our side of AutoAttack: a net of a file or by formula, and a batch of a file of images a round. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { CompileOptions, Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { suiteStep } from '../../core/metrics/autoattack/step';
import { autoattackSuite, singleSuite } from '../../core/metrics/autoattack/suite';
import { modelOf, templates } from '../../core/models/checkpoints/templates';
import { importModel } from '../../core/models/import';
import { type Classifier, classifier } from '../../core/models/model';
import { encodeSafetensors } from '../../core/models/safetensors';
import { decodeWeights, loadModel } from '../../core/models/weights';
import { formulaTensors } from '../models/formula';
import type { BenchCase, Judged } from './plan';
import type { Work } from './workloads';

export async function autoattackWork(
  engine: Engine,
  { model: name, batch }: BenchCase,
  { weights, images, eps, trial }: Judged,
  compile: CompileOptions,
): Promise<Work> {
  const model = await netOf(name, weights);
  const bytes = await readFile(images);
  const [height, width, channels] = model.inputShape;
  const size = height * width * channels;
  const ball = { norm: 'linf', eps } as const;
  const suite = trial
    ? singleSuite('apgd-ce', ball, { steps: trial }, channels)
    : autoattackSuite('standard', ball, model);
  const step = suiteStep(engine, model, suite, { ...compile, calls: bytes.length / (size + 1) / batch });
  return async (round) => {
    const { x, y: labels } = batchOf(bytes, round * batch, batch, model.inputShape);
    // by a formula a net is right by chance alone: what it says then counts as right
    const y = weights ? labels : tf.tidy(() => tf.cast(tf.argMax<Tensor1D>(model.logits(x), 1), 'int32'));
    const { clean, adversarial } = await step.run({ x, y }, key(0, 'bench', round));
    const [before, after] = await Promise.all([clean.data<'float32'>(), adversarial.data<'float32'>()]);
    tf.dispose([x, y, labels, clean, adversarial]);
    return Array.from({ length: batch }, (_, i) => i).filter((i) => before[i] === 1 && after[i] === 1).length;
  };
}

/** The published net in a file of PyTorch's, or the one of that description with weights by formula. */
async function netOf(name: string, weights: string): Promise<Classifier> {
  if (weights) {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-bench-'));
    try {
      const { file } = await importModel({
        file: weights,
        name: 'net',
        dataFolder: folder,
        model: undefined,
        metadata: {},
      });
      const stored = await loadModel(file);
      return classifier(stored.model, stored.weights);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const template = (await templates()).find(({ id }) => id === name);
  if (!template) throw new Error(`there is no description of '${name}'`);
  const model = modelOf(template, template.classes.length);
  return classifier(model, decodeWeights(model, encodeSafetensors(formulaTensors(model), {})));
}

function batchOf(
  bytes: Buffer,
  from: number,
  count: number,
  shape: readonly [number, number, number],
): { x: Tensor4D; y: Tensor1D } {
  const size = shape[0] * shape[1] * shape[2];
  const row = (i: number) => bytes.subarray((from + i) * (size + 1), (from + i + 1) * (size + 1));
  const pixels = new Float32Array(count * size);
  for (let i = 0; i < count; i++)
    row(i)
      .subarray(1)
      .forEach((byte, j) => (pixels[i * size + j] = byte / 255));
  const labels = Int32Array.from({ length: count }, (_, i) => row(i)[0] ?? 0);
  return { x: tf.tensor4d(pixels, [count, ...shape]), y: tf.tensor1d(labels, 'int32') };
}
