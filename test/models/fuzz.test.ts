/** Some hundred damaged weights files; `node tools/fuzz-weights.mjs` makes ten thousand, and watches time and memory. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { outcome } from './fuzz';
import { mutated } from './mutate';
import { fixture } from './reference';

const files = readdirSync(new URL('../fixtures/models/torch/', import.meta.url)).filter(
  (name) => !name.endsWith('.json'),
);
const whole = [...files.map((name) => fixture(`torch/${name}`)), fixture('convnet-f16.safetensors')];

it('each is imported, read or refused in a sentence', async () => {
  const found: Record<string, number> = {};
  for (let step = 0; step < 400; step++) {
    const start = performance.now();
    const what = await outcome(mutated(whole, 1, step).bytes);
    expect(performance.now() - start, `file ${step}`).toBeLessThan(5000);
    found[what] = (found[what] ?? 0) + 1;
  }
  expect(Object.keys(found).sort()).toEqual(['BAD_FILE', 'imported', 'read']);
  expect(found.BAD_FILE).toBeGreaterThan(100);
});

it('the same seed makes the same files', () => {
  for (let step = 0; step < 50; step++) {
    const [first, again] = [mutated(whole, 2, step), mutated(whole, 2, step)];
    expect(again.from).toBe(first.from);
    expect(Buffer.compare(again.bytes, first.bytes)).toBe(0);
  }
});
