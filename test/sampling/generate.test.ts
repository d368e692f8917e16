/** Generation in chunks: class order, energies at both ends, and the same images when it goes on at a later chunk. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine';
import { resolve } from '../../core/lib/options';
import { type GeneratedChunk, type GenerationPlan, classOrdered, generate } from '../../core/sampling/generate';
import { sgld } from '../../core/sampling/sgld';
import { createStart } from '../../core/sampling/starts';
import * as fixture from '../energy/reference';
import { open, quickEngines } from '../engines';

const split = { shape: fixture.shape, size: fixture.images, labels: fixture.labelValues, pixels: fixture.imageValues };
const plan: GenerationPlan = {
  sampler: sgld,
  options: resolve(sgld.options, { step: 0.02 }, 'sgld'),
  steps: 6,
  seed: 3,
  start: createStart('uniform', split, 10),
  labels: classOrdered(7, 10),
  conditional: true,
  chunk: 3,
};

it.each([
  [20, 10],
  [7, 10],
  [25, 10],
])('%i images over %i classes are in class order, evenly', (n, classes) => {
  const labels = classOrdered(n, classes);
  expect([...labels]).toEqual([...labels].sort((a, b) => a - b));
  const counts = Array.from({ length: classes }, (_, y) => labels.filter((label) => label === y).length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});

describe.each(quickEngines)('generation on %s', (id) => {
  let engine: Engine;
  let model: ReturnType<typeof fixture.net>;
  beforeAll(async () => {
    engine = await open(id);
    model = fixture.net();
  });
  afterAll(async () => {
    model.dispose();
    await engine.dispose();
  });
  const collect = async (given: GenerationPlan, first = 0) => {
    const chunks: GeneratedChunk[] = [];
    for await (const chunk of generate(model, engine, given, { first })) chunks.push(chunk);
    return chunks;
  };

  it('resumes at any chunk with the same images and leaves no tensor', async () => {
    const before = engine.memory().tensors;
    const whole = await collect(plan);
    expect(engine.memory().tensors).toBe(before);
    expect(whole.map(({ from, labels }) => [from, labels.length])).toEqual([
      [0, 3],
      [3, 3],
      [6, 1],
    ]);
    expect(await collect(plan, 1)).toEqual(whole.slice(1));
    expect(whole[0]?.images).not.toEqual(whole[1]?.images);
  });

  it('reports energies at the start and the end, and a trajectory on demand', async () => {
    const [ends] = await collect(plan);
    expect(ends?.frames.map((frame) => frame.step)).toEqual([0, 6]);
    expect(ends?.frames[1]?.joint?.[0]).toBeLessThan(ends?.frames[0]?.joint?.[0] ?? NaN);
    const [path] = await collect({ ...plan, trajectory: 2, conditional: false });
    expect(path?.frames.map((frame) => frame.step)).toEqual([0, 2, 4, 6]);
    expect(path?.frames.some((frame) => frame.joint)).toBe(false);
    expect(path?.frames.at(-1)?.x).toEqual(path?.images);
  });
});
