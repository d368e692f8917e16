/** The library of models: embedded, imported, of runs; hostile imports, removal that can be undone, export. */
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { datasetDesk } from '../../core/host/library/desk';
import { modelHandlers } from '../../core/host/library/models';
import { assetsFolder } from '../../core/lib/paths';

const context = { signal: new AbortController().signal, after: -1 };
const jeat = path.join(assetsFolder, 'models/fashion/jeat.safetensors');

let folder: string;
let handlers: ReturnType<typeof modelHandlers>;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-models-'));
  handlers = modelHandlers(datasetDesk(folder));
  return () => rm(folder, { recursive: true, force: true });
});

const list = () => handlers['models.list']({}, context);
const named = async (name: string) => (await list()).find((row) => row.name === name);
const take = async (name: string, bytes?: Uint8Array, more: object = {}) =>
  handlers['models.import'](
    {
      name,
      bytes: new Uint8Array(bytes ?? (await readFile(jeat))),
      file: '',
      architecture: '',
      options: {},
      dataset: '',
      ...more,
    },
    context,
  );
const manifest = (changes: object = {}) =>
  JSON.stringify({
    format: 1,
    kind: 'train',
    name: 'r',
    status: 'done',
    configuration: {
      training: { evaluationEps: 0.1, evaluationSteps: 10, evaluationImages: 128, select: 'last' },
      ...changes,
    },
    seed: 5,
    engine: 'cpu',
    versions: {},
    timings: { created: '2026-01-01T00:00:00Z', updated: '2026-01-02T00:00:00Z', seconds: 1, sessions: 1 },
    results: { clean: 0.8, robust: 0.5, steps: 300 },
  });
async function run(name: string, { checkpoint = '', changes = {} }: { checkpoint?: string; changes?: object } = {}) {
  const place = path.join(folder, 'runs', name);
  await mkdir(path.join(place, checkpoint), { recursive: true });
  await writeFile(path.join(place, 'run.json'), manifest(changes));
  await cp(jeat, path.join(place, checkpoint, 'weights.safetensors'));
}

describe('the list of models', () => {
  it('has the embedded ones with their cards', async () => {
    expect(await named('fashion/jeat')).toMatchObject({
      source: 'embedded',
      card: { objective: 'jeat', clean: expect.any(Number), robust: { accuracy: expect.any(Number) } },
    });
  });

  it('has the results of runs, with what the run measured of them', async () => {
    await run('first');
    expect(await named('first')).toMatchObject({
      source: 'run',
      card: {
        title: 'first',
        architecture: 'convnet',
        parameters: 150_314,
        objective: 'jeat',
        clean: 0.8,
        robust: { attack: 'pgd', eps: 0.1, steps: 10, accuracy: 0.5 },
        steps: 300,
        seed: 5,
      },
    });
    expect(await handlers['models.show']({ model: 'first' }, context)).toMatchObject({ card: { clean: 0.8 } });
  });

  it('claims no numbers for a checkpoint, or for best weights, that were measured of others', async () => {
    await run('going', { checkpoint: 'checkpoints/step-250' });
    await run('best', { changes: { training: { evaluationEps: 0.1, select: 'best' } } });
    const going = await named('going');
    expect(going).toMatchObject({ checkpoint: 'step-250', card: { objective: 'jeat' } });
    expect([going?.card?.clean, (await named('best'))?.card?.clean]).toEqual([undefined, undefined]);
  });

  it('calls a run by its folder where a model has its name', async () => {
    await run('jeat');
    const place = path.join(folder, 'runs', 'jeat');
    expect(await named(place)).toMatchObject({ source: 'run', card: { title: 'jeat' } });
    expect(await handlers['models.show']({ model: place }, context)).toMatchObject({ source: 'run' });
  });

  it('leaves out runs without weights, and says what is wrong with damaged ones', async () => {
    await run('broken');
    await writeFile(path.join(folder, 'runs/broken/weights.safetensors'), 'junk that is no model');
    await mkdir(path.join(folder, 'runs/young'), { recursive: true });
    await writeFile(path.join(folder, 'runs/young/run.json'), manifest());
    expect(await named('young')).toBeUndefined();
    expect(await named('broken')).toMatchObject({ problem: expect.stringContaining('not a valid safetensors') });
  });
});

describe('a model', () => {
  it('shows its tensors', async () => {
    const { tensors, inputShape, size } = await handlers['models.show']({ model: 'fashion/jeat' }, context);
    expect(tensors[0]).toEqual({ name: 'conv1.weight', shape: [4, 4, 1, 32], trainable: true });
    expect([inputShape, size]).toEqual([[28, 28, 1], (await readFile(jeat)).length]);
  });

  it('is imported, removed, brought back, and exported byte for byte', async () => {
    expect(await take('mine')).toMatchObject({ name: 'mine', source: 'imported', card: { title: 'mine' } });
    const before = await readFile(path.join(folder, 'models/mine.safetensors'));
    await expect(take('mine')).rejects.toMatchObject({ code: 'USAGE' });
    const { trashed } = await handlers['models.remove']({ model: 'mine' }, context);
    expect(await named('mine')).toBeUndefined();
    expect(await handlers['models.restore']({ trashed }, context)).toMatchObject({
      name: 'mine',
      card: { title: 'mine' },
    });
    await expect(handlers['models.restore']({ trashed }, context)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { name, bytes } = await handlers['models.export']({ model: 'mine' }, context);
    expect([name, Buffer.compare(bytes, before)]).toEqual(['mine.safetensors', 0]);
  });

  it('takes the architecture that the user chooses, with its options and the classes of a dataset', async () => {
    const chosen = { architecture: 'convnet', options: {}, dataset: 'fashion-mnist-mini' };
    expect(await take('chosen', undefined, chosen)).toMatchObject({
      card: { dataset: 'fashion-mnist-mini', classes: expect.arrayContaining(['Sneaker']) },
    });
    const wide = take('wide', undefined, { ...chosen, options: { widths: [8, 8, 8, 8] } });
    await expect(wide).rejects.toMatchObject({ code: 'BAD_WEIGHTS', message: expect.stringContaining("'conv1") });
    await expect(take('none', undefined, { ...chosen, dataset: '' })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(take('odd', undefined, { ...chosen, architecture: 'convent' })).rejects.toMatchObject({
      hint: "Did you mean 'convnet'?",
    });
  });

  it.each([
    ['nothing', () => new Uint8Array()],
    ['junk', () => new TextEncoder().encode('this is no safetensors file at all')],
    ['a header that claims too much', () => Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 1, 2)],
    ['half a file', (whole: Uint8Array) => whole.subarray(0, whole.length / 2)],
    ['a file with a hole', (whole: Uint8Array) => whole.subarray(0, whole.length - 4)],
  ])('is not made of %s, and nothing is written', async (_name, make) => {
    await expect(take('bad', make(await readFile(jeat)))).rejects.toMatchObject({ code: 'BAD_FILE' });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['../x', 'a/b', '', '.x'])("is not imported as '%s'", async (name) => {
    await expect(take(name)).rejects.toMatchObject({ code: 'USAGE' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('that is embedded or of a run cannot be removed here', async () => {
    await run('mine');
    for (const model of ['fashion/jeat', 'mine'])
      await expect(handlers['models.remove']({ model }, context)).rejects.toMatchObject({ code: 'USAGE' });
    expect((await readdir(path.join(folder, 'runs/mine'))).length).toBeGreaterThan(0);
  });
});
