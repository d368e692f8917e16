/** The Datasets view over a host that is made up: opening, filtering, jumping, scoring, the inspector, and what goes wrong. */
import axe from 'axe-core';
import { screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import type { DatasetDetails, ListedDataset, ScoreBatch } from '../../core/contract/areas/datasets';
import { AppError } from '../../core/lib/errors';
import { toasts } from '../../renderer/state/toasts.svelte';
import { mountWith } from '../../renderer/testing/mount';
import DatasetsView from '../../renderer/views/datasets/DatasetsView.svelte';

const details: DatasetDetails = {
  id: 'tiny',
  title: 'Tiny pets',
  shape: [2, 2, 1],
  classes: ['cat', 'dog'],
  sizes: { train: 4, test: 6 },
  counts: [
    { name: 'cat', train: 2, test: 4 },
    { name: 'dog', train: 2, test: 2 },
  ],
  mean: [0.5],
  std: [0.25],
  budgets: { linf: 0.1, l2: 1.5, l1: 10 },
};
const rows: ListedDataset[] = [
  { id: 'tiny', title: 'Tiny pets', summary: 'Pets.', licence: 'MIT', home: '', state: 'added', images: 10, bytes: 40 },
  { id: 'mnist', title: 'MNIST', summary: 'Digits.', licence: 'CC', home: 'http://x', state: 'not added' },
];
const labels = Int32Array.of(0, 1, 0, 1, 0, 0);
const batch: ScoreBatch = {
  from: 0,
  total: 6,
  predicted: Int32Array.of(0, 0, 0, 1, 1, 0),
  crossEntropy: new Float32Array(6),
  marginal: new Float32Array(6),
  joint: new Float32Array(6),
};

type Answers = Record<string, (input: never) => unknown>;
const answers: Answers = {
  'datasets.list': () => rows,
  'datasets.open': ({ dataset }: { dataset: string }) => {
    if (dataset === 'tiny') return details;
    throw new AppError('NOT_FOUND', `The dataset '${dataset}' is not in your data folder.`);
  },
  'datasets.labels': () => ({ labels }),
  'datasets.tiles': () => ({ pixels: new Uint8Array(24) }),
  'datasets.values': () => ({ values: Float32Array.of(0, 0.25, 0.5, 1) }),
  'datasets.nearest': () => [{ index: 3, label: 1, distance: 0.5, pixels: new Uint8Array(4) }],
  'datasets.augment': () => ({ pixels: new Uint8Array(32) }),
  'models.list': () => [{ name: 'tiny/jeat', source: 'imported', card: { name: 'jeat', dataset: 'tiny' } }],
  'models.judge': () => [{ model: 'tiny/jeat', classes: ['cat', 'dog'], logits: Float32Array.of(2, 0) }],
  'catalogue.read': () => ({
    presets: [],
    parts: {},
    training: {},
    attacks: [],
    samplers: [],
    transforms: [],
    starts: [],
  }),
  'datasets.export': () => ({ name: 'tiny.zip', bytes: new Uint8Array(3) }),
  'jobs.submit': () => ({ id: 'job-1' }),
};

function fake(changes: Answers = {}) {
  const call = vi.fn(async (name: string, input: never) => {
    const answer = { ...answers, ...changes }[name];
    if (!answer) throw new Error(`nobody answers '${name}'`);
    return answer(input);
  });
  const stream = vi.fn(async function* () {
    yield batch;
  });
  return { client: { call, stream } as unknown as LowlandClient, call, stream };
}
async function open(hash: string, changes: Answers = {}) {
  location.hash = hash;
  dispatchEvent(new HashChangeEvent('hashchange'));
  await tick();
  const host = fake(changes);
  return { ...mountWith(DatasetsView, { client: host.client, connected: true }), ...host };
}

beforeEach(() => {
  for (const { id } of toasts.list) toasts.dismiss(id);
  globalThis.createImageBitmap ??= vi.fn(async () => ({ close: () => undefined }) as unknown as ImageBitmap);
});

describe('the list of datasets', () => {
  it('says how each stands, and opens one', async () => {
    await open('#/datasets');
    const link = await screen.findByRole('link', { name: 'Tiny pets' });
    expect(link.getAttribute('href')).toBe('#/datasets?dataset=tiny');
    expect(screen.queryByRole('link', { name: 'MNIST' })).toBeNull();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Add' }).disabled).toBe(false);
  });

  it('adds a known one from its home page by a job', async () => {
    const { user, call } = await open('#/datasets');
    await user.click(await screen.findByRole('button', { name: 'Add' }));
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Add dataset' }));
    await waitFor(() =>
      expect(call).toHaveBeenCalledWith(
        'jobs.submit',
        { job: { kind: 'add-dataset', dataset: 'mnist' } },
        expect.anything(),
      ),
    );
  });

  it('asks before it removes one', async () => {
    const { user, call } = await open('#/datasets', { 'datasets.remove': () => null });
    await user.click(await screen.findByRole('button', { name: 'More about Tiny pets' }));
    await user.click(screen.getByRole('menuitem', { name: 'Remove' }));
    expect(call).not.toHaveBeenCalledWith('datasets.remove', expect.anything());
    await user.click(screen.getByRole('button', { name: 'Remove dataset' }));
    await waitFor(() => expect(call).toHaveBeenCalledWith('datasets.remove', { dataset: 'tiny' }));
  });

  it('says in a sentence why it cannot be read', async () => {
    await open('#/datasets', {
      'datasets.list': () => {
        throw new AppError('NOT_WRITABLE', 'The data folder cannot be read.');
      },
    });
    expect((await screen.findByRole('alert')).textContent).toContain('The data folder cannot be read.');
    screen.getByRole('button', { name: 'Try again' });
  });
});

describe('an open split', () => {
  const atlas = () => screen.findByRole('listbox', { name: 'Images of the test side of Tiny pets' });
  const shown = () => document.querySelector<HTMLElement>('canvas[data-tiles]')?.dataset.tiles;

  it('has a tile for every image, fewer with a filter, and the filter in the address', async () => {
    const { user } = await open('#/datasets?dataset=tiny');
    await atlas();
    expect(shown()).toBe('6');
    await user.click(screen.getByRole('button', { name: /^dog/ }));
    await waitFor(() => expect(shown()).toBe('2'));
    expect(location.hash).toContain('classes=1');
    screen.getByText('of 6 images', { exact: false });
  });

  it('goes through the images by key and tells which', async () => {
    const { user } = await open('#/datasets?dataset=tiny');
    (await atlas()).focus();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(location.hash).toContain('index=1');
    await screen.findByRole('option', { name: 'Image 1, dog' });
    await user.keyboard('{Shift>}{ArrowRight}{/Shift}');
    expect(screen.getByText('selected', { exact: false }).textContent).toContain('2');
    await user.keyboard('{Escape}');
    expect(screen.queryByText('selected', { exact: false })).toBeNull();
  });

  it('jumps to an index, through the filters, and says when there is none', async () => {
    const { user } = await open('#/datasets?dataset=tiny&classes=1');
    await atlas();
    const field = screen.getByRole('textbox', { name: 'Go to image, by index' });
    await user.type(field, '4{Enter}');
    expect(location.hash).toContain('index=4');
    expect(location.hash).not.toContain('classes');
    await user.clear(field);
    await user.type(field, '6{Enter}');
    expect(toasts.list.at(-1)?.text).toBe("There is no image '6': this side has 0 to 5.");
  });

  it('exports what is selected', async () => {
    const { user, call } = await open('#/datasets?dataset=tiny');
    (await atlas()).focus();
    await user.keyboard('{ArrowRight}{Shift>}{ArrowRight}{/Shift}');
    URL.createObjectURL = () => 'blob:x';
    await user.click(screen.getByRole('button', { name: 'Export' }));
    await waitFor(() =>
      expect(call).toHaveBeenCalledWith('datasets.export', {
        dataset: 'tiny',
        side: 'test',
        indices: Uint32Array.of(0, 1),
      }),
    );
  });

  it('is scored by a model; then it can be filtered by right and wrong', async () => {
    const { user, stream } = await open('#/datasets?dataset=tiny');
    await atlas();
    await user.click(screen.getByRole('button', { name: 'Score images' }));
    await user.click(screen.getByRole('button', { name: 'Start scoring' }));
    await screen.findByRole('button', { name: /^Wrong/ });
    expect(stream).toHaveBeenCalledWith(
      'datasets.scores',
      { model: 'tiny/jeat', dataset: 'tiny', side: 'test', limit: 6, seed: 0 },
      expect.anything(),
    );
    await user.click(screen.getByRole('button', { name: 'Wrong 2' }));
    await waitFor(() => expect(shown()).toBe('2'));
    expect(screen.getByText(/: .*right/).textContent).toContain('66.7');
  });

  it('that is not there can be added on the spot', async () => {
    const { user } = await open('#/datasets?dataset=mnist');
    expect((await screen.findByRole('alert')).textContent).toContain("The dataset 'mnist' is not in your data folder.");
    await user.click(await screen.findByRole('button', { name: 'Add it' }));
    expect(within(screen.getByRole('dialog')).getByRole<HTMLSelectElement>('combobox', { name: 'Dataset' }).value).toBe(
      'mnist',
    );
  });
});

describe('the inspector', () => {
  it('shows what models make of the image, and leads on', async () => {
    const { user } = await open('#/datasets?dataset=tiny&index=0');
    await screen.findByText(/^E\(x\) .2\.127$/);
    const row = screen.getByRole('row', { name: /cat/ });
    expect(row.textContent).toContain('88.1');
    await screen.findByRole('button', { name: 'Open training image 3, dog' });
    await user.click(screen.getByRole('button', { name: 'Show its energy' }));
    expect(location.hash).toMatch(/^#\/energy\?dataset=tiny&side=test&index=0/);
  });

  it('says which image there is none of', async () => {
    await open('#/datasets?dataset=tiny&index=99');
    await waitFor(() => expect(toasts.list.at(-1)?.text).toContain('There is no image 99'));
  });

  it('and all beside it are without serious faults for assistive technology', async () => {
    const { container } = await open('#/datasets?dataset=tiny&index=0');
    await screen.findByText(/^E\(x\) .2\.127$/);
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
