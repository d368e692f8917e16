import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  adoptTuning,
  candidates,
  currentTuning,
  environmentOf,
  measuredTuning,
  rememberTuning,
  usualTuning,
  writtenTuning,
} from '../../core/engine/tuning';

const split = { intraOp: 1, interOp: 2, parts: 2 };
const timing = (tuning: typeof split, float32: number, bfloat16: number) => ({ tuning, float32, bfloat16 });

describe('how threads are used', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-tuning-'));
    vi.stubEnv('LOWLAND_DATA', folder);
    for (const name of Object.keys(environmentOf(split))) vi.stubEnv(name, undefined);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  test('is the usual way until it is measured, then the fastest, and always what the environment says', async () => {
    expect(currentTuning()).toEqual(usualTuning());
    expect(await rememberTuning([timing(usualTuning(), 100, 50), timing(split, 110, 40)])).toEqual(split);
    expect(currentTuning()).toEqual(split);
    expect(currentTuning({ TF_NUM_INTRAOP_THREADS: '3' })).toEqual({ ...usualTuning(), intraOp: 3 });
    expect(currentTuning({ LOWLAND_BATCH_PARTS: 'many' })).toEqual(usualTuning());
  });

  test('as measured counts on the same machine alone, and not from a damaged file', async () => {
    await rememberTuning([timing(split, 1, 1)]);
    const file = path.join(folder, 'engines', 'tuning.json');
    for (const text of [
      '{',
      '[]',
      JSON.stringify({ ...measuredTuning(), machine: 'another' }),
      '{"tuning":{"parts":-1}}',
    ]) {
      await writeFile(file, text);
      expect(measuredTuning()).toBeUndefined();
      expect(currentTuning()).toEqual(usualTuning());
    }
  });

  test('is taken up again by a run that goes on, unless the environment says otherwise', () => {
    adoptTuning(undefined);
    adoptTuning('some threads');
    adoptTuning('0 x 2 threads, 1 part');
    expect(currentTuning()).toEqual(usualTuning());
    adoptTuning(writtenTuning({ intraOp: 3, interOp: 4, parts: 1 }));
    expect(currentTuning()).toEqual({ intraOp: 3, interOp: 4, parts: 1 });
    adoptTuning(writtenTuning(split));
    expect(currentTuning()).toEqual({ intraOp: 3, interOp: 4, parts: 1 });
  });

  test('has few candidates, each of which fits the cores', () => {
    for (const cores of [1, 2, 3, 8, 64])
      for (const { intraOp, interOp, parts } of candidates(cores)) {
        expect(Math.max(intraOp, interOp, parts)).toBeLessThanOrEqual(cores);
        expect(Math.min(intraOp, interOp, parts)).toBeGreaterThanOrEqual(1);
      }
    expect(candidates(1)).toEqual([{ intraOp: 1, interOp: 1, parts: 1 }]);
    expect(candidates(2)).toContainEqual(split);
    expect(candidates(64).length).toBeLessThan(9);
  });
});
