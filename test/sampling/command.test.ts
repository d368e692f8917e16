/** `lowland sample`: the same bytes twice, one class, single images that go on after an interruption, a trajectory, plain errors. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../core/cli/command';
import { sampleCommand } from '../../core/cli/sample';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import { silent } from '../../core/lib/progress';
import { buildModel } from '../../core/models/registry';
import { saveModel } from '../../core/models/weights';
import { open, testEngines } from '../engines';

let folder: string;
let model: string;
const [id] = testEngines;
if (!id) throw new Error('no engine to test on');

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-sample-'));
  model = path.join(folder, 'net.safetensors');
  const engine = await open(id);
  const built = buildModel('convnet', {}, [12, 12, 1], 4);
  const weights = built.init(engine.random(key(1, 'init')));
  await saveModel(model, built, weights, { classes: JSON.stringify(['ant', 'bee', 'cat', 'dog']) });
  tf.dispose(Object.values(weights));
  await engine.dispose();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = (name: string) => path.join(folder, name);
const run = (out: string, flags: Record<string, unknown>, extra: Partial<CommandContext> = {}) => {
  const context: CommandContext = {
    seed: 3,
    engine: id,
    out: file(out),
    dataFolder: folder,
    set: {},
    signal: new AbortController().signal,
    progress: silent,
    ...extra,
  };
  const given = { n: 10, steps: 3, batch: 4, ...flags };
  return sampleCommand.run([model], resolve(sampleCommand.options, given, 'sample'), context);
};

describe('lowland sample', () => {
  it('gives the same bytes for the same words, others for another seed', async () => {
    const { json } = await run('a.png', {});
    await run('b.png', {});
    await run('c.png', {}, { seed: 4 });
    const [a, b, c] = await Promise.all(['a.png', 'b.png', 'c.png'].map((name) => readFile(file(name))));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(json).toMatchObject({
      out: file('a.png'),
      n: 10,
      sampler: 'pgd-synthesis',
      start: 'uniform',
      steps: 3,
      seed: 3,
    });
  });

  it('goes on with single images where it was interrupted, to the same result', async () => {
    await run('whole.png', { single: file('whole') });
    const controller = new AbortController();
    const progress = { ...silent, update: (_task: string, done: number) => done >= 4 && controller.abort() };
    await expect(run('cut.png', { single: file('cut') }, { signal: controller.signal, progress })).rejects.toThrow(
      'Cancelled',
    );
    const before = await readdir(file('cut'));
    expect(before.filter((name) => name.endsWith('.png'))).toHaveLength(4);
    const { json } = await run('cut.png', { single: file('cut') });
    expect(json).toMatchObject({ resumed: 4 });
    const names = (await readdir(file('whole'), { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    expect(names.filter(({ name }) => name.endsWith('.png'))).toHaveLength(10);
    for (const { parentPath, name } of names) {
      const place = path.join(parentPath, name);
      expect(await readFile(place.replace(file('whole'), file('cut'))), name).toEqual(await readFile(place));
    }
    expect(await readFile(file('cut.png'))).toEqual(await readFile(file('whole.png')));
    await expect(run('other.png', { single: file('cut') }, { seed: 9 })).rejects.toThrow(
      'holds the samples of another command',
    );
  });

  it('keeps to one class by name, and writes a trajectory beside the grid', async () => {
    const { json } = await run('bee.png', { class: 'BEE', trajectory: true, single: file('bees') });
    expect((await readdir(file('bees'))).filter((name) => name.endsWith('class1.png'))).toHaveLength(10);
    expect(json).toMatchObject({
      trajectory: { picture: file('bee-trajectory.png'), film: file('bee-trajectory.gif') },
    });
    const table = await readFile(file('bee-trajectory.csv'), 'utf8');
    expect(
      table
        .trim()
        .split('\n')
        .map((line) => line.split(',')[0]),
    ).toEqual(['step', '0', '1', '2', '3']);
  });

  it('films the first chains, the same bytes for the same words, whole or taken up again', async () => {
    const film = async (name: string, flags: object) => {
      const { json, text } = await run(`${name}.png`, { trajectory: true, ...flags });
      const at = file(`${name}-trajectory.gif`);
      expect(json).toMatchObject({ trajectory: { film: at } });
      expect(text).toContain(at);
      return readFile(at);
    };
    const first = await film('film', { single: file('film') });
    expect(first.subarray(0, 6).toString()).toBe('GIF89a');
    const side = 2 * 12 * 5 + 3;
    expect([first.readUInt16LE(6), first.readUInt16LE(8)]).toEqual([side, side]);
    expect(first.toString('latin1').split('\x21\xf9\x04')).toHaveLength(1 + 4);
    expect(await film('second', {})).toEqual(first);
    expect(await film('film', { single: file('film') })).toEqual(first);
    expect(await film('shorter', { steps: 2 })).not.toEqual(first);
  });

  it.each([
    [{ class: 'bea' }, "Unknown class 'bea'."],
    [{ class: '4' }, 'has classes 0 to 3'],
    [{ sampler: 'sgdl' }, "Unknown sampler 'sgdl'."],
    [{ start: 'image' }, "Unknown start 'image'."],
    [{ start: 'class-pca' }, 'does not say what it was trained on'],
  ])('refuses %o in a sentence', async (flags, sentence) => {
    await expect(run('never.png', flags)).rejects.toThrow(sentence);
  });
});
