/** The catalogue, and configurations with a sentence for each field that is wrong. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HandlerContext } from '../../core/contract/contract';
import { decodeFrame, encodeFrame } from '../../core/contract/codec';
import { catalogueHandlers } from '../../core/host/library/catalogue';
import { datasetDesk } from '../../core/host/library/desk';
import { findPreset } from '../../core/training/presets';

const context: HandlerContext = { signal: new AbortController().signal, after: -1 };
let folder: string;
let handlers: ReturnType<typeof catalogueHandlers>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-catalogue-'));
  handlers = catalogueHandlers(datasetDesk(folder));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configure = (overrides: Record<string, string>, preset = 'fashion-mini/jeat', file?: string) =>
  handlers['catalogue.configure']({ preset, overrides, seed: 1, file }, context);

describe('the catalogue', () => {
  it('holds presets, parts, attacks, samplers, transforms and starts, and survives the wire', async () => {
    const catalogue = await handlers['catalogue.read']({}, context);
    expect(catalogue.presets.map(({ id }) => id)).toContain('fashion-mini/jeat');
    expect(catalogue.parts.objective.find(({ id }) => id === 'jeat')?.options.eps).toMatchObject({ kind: 'real' });
    for (const list of [catalogue.attacks, catalogue.samplers, catalogue.transforms, catalogue.starts])
      for (const { title, summary } of list) expect(`${title}: ${summary}`).toMatch(/^.+: .+\.$/);
    expect(decodeFrame(encodeFrame(catalogue))).toEqual(catalogue);
  });
});

describe('a configuration', () => {
  it('is resolved, with the preset as its base, and counts weights and steps', async () => {
    const found = await configure({ 'objective.eps': '4/255', optimiser: 'sgd', epochs: '2' });
    expect(found.problems).toEqual([]);
    expect(found.configuration.objective.options.eps).toBeCloseTo(4 / 255);
    expect(found.configuration.optimiser.id).toBe('sgd');
    expect(found.base.optimiser.id).not.toBe('sgd');
    expect(found.parameters).toBeGreaterThan(1000);
    expect(found.steps).toBeGreaterThan(1);
  });

  it('comes with a sentence for each field that is wrong, and keeps what is right', async () => {
    const found = await configure({ epochs: '3', batch: '-1', 'objective.epss': '1', augment: 'flp', seed: '1' });
    const sentences = Object.fromEntries(found.problems.map(({ option, message }) => [option, message]));
    expect(sentences.batch).toMatch(/-1.*whole number/);
    expect(sentences['objective.epss']).toMatch(/Unknown option/);
    expect(sentences.augment).toMatch(/flp/);
    expect(Object.keys(sentences)).toContain('seed');
    expect(found.configuration.training.epochs).toBe(3);
  });

  it('says what does not go with the dataset, or that it is not here', async () => {
    expect((await configure({ dataset: 'cifar10' })).problems).toMatchObject([
      { option: 'dataset', message: expect.stringContaining("'cifar10' is not in your data folder") },
    ]);
    expect((await configure({ limit: '10' })).problems).toMatchObject([
      { option: 'batch', message: expect.stringContaining('10 training images') },
    ]);
  });

  it('is read from the text of a file, which a preset without its name is', async () => {
    const { id: _, ...body } = await findPreset('fashion-mini/at');
    const found = await configure({}, 'mine.json', JSON.stringify(body));
    expect(found.configuration).toMatchObject({ name: 'mine', objective: { id: 'pgd-at' } });
    await expect(configure({}, 'mine.json', '{')).rejects.toMatchObject({ code: 'BAD_FILE' });
    await expect(configure({}, '/etc/secrets.json')).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
    await expect(configure({}, 'fashion-mini/jet')).rejects.toMatchObject({
      hint: expect.stringContaining("'fashion-mini/jeat'"),
    });
  });
});
