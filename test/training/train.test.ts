/** The loop: resume equals uninterrupted bit for bit, the guard goes back and gives up, nothing leaks. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../core/data/load';
import type { Dataset } from '../../core/data/dataset';
import type { Engine } from '../../core/engine/engine';
import { AppError } from '../../core/lib/errors';
import { silent } from '../../core/lib/progress';
import { configure } from '../../core/training/configuration';
import { findPreset, listPresets } from '../../core/training/presets';
import { train } from '../../core/training/train';
import { open, testEngines } from '../engines';
import { MemorySink } from './memory-sink';

const small = {
  limit: '96',
  batch: '16',
  steps: '7',
  checkpointEvery: '3',
  evaluateEvery: '4',
  sampleEvery: '0',
  evaluationImages: '16',
  'model.widths': '4,4,4,8',
};
const jeatSmall = {
  ...small,
  'objective.sgldSteps': '2',
  'objective.negatives': '8',
  'objective.bufferSize': '32',
  ema: '0.9',
  clip: '1',
};

describe.each(testEngines.filter((id) => id !== 'cpu' && id !== 'webgpu'))('training on %s', (id) => {
  let engine: Engine;
  let dataset: Dataset;
  beforeAll(async () => {
    engine = await open(id);
    dataset = await loadDataset('fashion-mnist-mini', { dataFolder: '/nonexistent' });
  });
  afterAll(() => engine.dispose());

  const run = async (
    sink: MemorySink,
    overrides: Record<string, string>,
    signal = new AbortController().signal,
    preset = 'fashion-mini/jeat',
  ) =>
    train({
      configuration: configure(await findPreset(preset), overrides, 1),
      dataset,
      engine,
      sink,
      progress: silent,
      signal,
      name: 'test',
    });

  it.each(['natural', 'noise', 'at', 'prejeat'])('%s: trains, reports, and leaves no tensor behind', async (name) => {
    const before = tf.memory().numTensors;
    const sink = new MemorySink();
    const result = await run(sink, { ...small, steps: '3' }, undefined, `fashion-mini/${name}`);
    expect(result.steps).toBe(3);
    expect(sink.events.filter((event) => event.kind === 'step')).toHaveLength(3);
    expect(result.clean).toBeGreaterThanOrEqual(result.robust);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a run cancelled at any step and resumed equals one that was not, byte for byte', async () => {
    const before = tf.memory().numTensors;
    const whole = await run(new MemorySink(), jeatSmall);
    for (const stopAt of [2, 5]) {
      const sink = new MemorySink();
      const stop = new AbortController();
      const append = sink.append.bind(sink);
      sink.append = (event) => {
        append(event);
        if (event.kind === 'step' && event.step === stopAt) stop.abort();
      };
      await expect(run(sink, jeatSmall, stop.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(sink.saved?.step).toBe(stopAt);
      const resumed = await run(sink, jeatSmall);
      expect(Buffer.compare(resumed.weights, whole.weights)).toBe(0);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a run that lost everything after its checkpoint equals one that was not interrupted', async () => {
    const whole = new MemorySink();
    const result = await run(whole, jeatSmall);
    const killed = new MemorySink();
    const keep = killed.checkpoint.bind(killed);
    killed.checkpoint = async (step, files) => {
      if (step <= 3) await keep(step, files);
    };
    await run(killed, jeatSmall);
    expect(killed.saved?.step).toBe(3);
    const resumed = await run(killed, jeatSmall);
    expect(Buffer.compare(resumed.weights, result.weights)).toBe(0);
  });

  it('the guard goes back with a new stream, and gives up after its tries with a sentence', async () => {
    const sink = new MemorySink();
    const failed = run(sink, { ...small, guardGradient: '0.000001', guardTries: '2' });
    await expect(failed).rejects.toBeInstanceOf(AppError);
    await expect(failed).rejects.toMatchObject({
      code: 'DIVERGED',
      message: expect.stringContaining('after 2 restarts'),
    });
    expect(sink.events.filter((event) => event.kind === 'guard').map((event) => event.attempt)).toEqual([1, 2]);
  });
});

describe('configurations', () => {
  it('every preset resolves', async () => {
    for (const preset of await listPresets()) expect(configure(preset, {}, 0).name).toBe(preset.id);
  });
  it.each([
    ['epoch', '1', "Did you mean 'epochs'?"],
    ['objective.epsilon', '1', 'objective.eps'],
    ['objective', 'jaet', "'jeat'"],
    ['objective.eps', '-0.1', 'linf'],
  ])('names what is wrong with %s=%s', async (name, value, expected) => {
    const preset = await findPreset('fashion-mini/jeat');
    const error = await Promise.resolve()
      .then(() => configure(preset, { [name]: value }, 0))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error instanceof AppError && [2].includes(error.exitCode)).toBe(true);
    if (name !== 'objective.eps')
      expect(error instanceof AppError && `${error.message} ${error.hint}`).toContain(expected);
  });
  it('names the nearest preset', async () => {
    await expect(findPreset('fashion-mini/jeatt')).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      hint: "Did you mean 'fashion-mini/jeat'?",
    });
  });
});
