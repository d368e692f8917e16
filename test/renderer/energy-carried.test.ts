/** The energy round an image that another view hands over: what is asked, what is said of it, and the way back to the dataset. */
import { cleanup, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import { carried } from '../../renderer/state/carried.svelte';
import { route } from '../../renderer/state/route.svelte';
import { mountWith } from '../../renderer/testing/mount';
import EnergyView from '../../renderer/views/energy/EnergyView.svelte';

const details = {
  id: 'fashion-mnist-mini',
  title: 'Fashion-MNIST mini',
  shape: [2, 2, 1],
  classes: ['shirt', 'boot'],
  sizes: { train: 40, test: 20 },
  counts: [],
  mean: [0.3],
  std: [0.3],
  budgets: { linf: 0.1, l2: 1.5, l1: 10 },
};
const image = {
  pixels: Uint8Array.of(255, 0, 51, 102),
  shape: [2, 2, 1] as const,
  label: 1,
  title: 'generated image 3 of fashion/jeat, seed 0',
};
const model = { name: 'fashion/jeat', source: 'embedded', card: { name: 'jeat', dataset: 'fashion-mnist' } };
const answers: Record<string, unknown> = {
  'models.list': [model],
  'datasets.list': [{ ...details, summary: '', licence: '', home: '', state: 'embedded' }],
  'datasets.open': details,
  'datasets.values': { values: Float32Array.of(0.5, 0.5, 0.5, 0.5) },
  'datasets.labels': { labels: new Int32Array(20) },
  'catalogue.read': { attacks: [{ id: 'pgd', title: 'PGD', summary: '', reference: '', options: {} }], samplers: [] },
  'surface.walk': {
    a: Float32Array.of(0, 0.1),
    b: Float32Array.of(0, 0),
    joint: Float32Array.of(1, 2),
    marginal: Float32Array.of(0, 1),
    distance: Float32Array.of(0, 0),
    images: new Uint8Array(8),
  },
};

function show(hash: string) {
  location.hash = hash;
  route.restore(hash);
  const asked: Record<string, unknown>[] = [];
  const walks: unknown[] = [];
  const client = {
    call: vi.fn(async (name: string, input: unknown) => {
      if (name === 'surface.walk') walks.push(input);
      return answers[name];
    }),
    // no plane ever comes: what is asked for is what counts here
    stream: vi.fn(async function* (_name: string, input: Record<string, unknown>) {
      asked.push(input);
      yield* [];
    }),
  } as unknown as LowlandClient;
  return { asked, walks, ...mountWith(EnergyView, { client, connected: true }) };
}
const subjects = (asked: readonly Record<string, unknown>[]) => asked.map(({ subject }) => subject);
const dataset = 'fashion-mnist-mini';
const carriedHash = `#/energy?dataset=${dataset}&models=fashion/jeat&carried=1`;

beforeEach(() => carried.hand(image));
afterEach(cleanup);

describe('the energy round an image that was handed over', () => {
  it('is asked for with its pixels and class, and the walks too', async () => {
    const { asked, walks, user } = show(carriedHash);
    const subject = { pixels: image.pixels, label: 1, dataset };
    await waitFor(() => expect(subjects(asked)).toEqual([subject]));
    expect(await screen.findByRole('img', { name: 'generated image 3 of fashion/jeat, seed 0, boot' })).toBeTruthy();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Walk' }), 'PGD');
    await waitFor(() => expect(walks).toMatchObject([{ subject, model: 'fashion/jeat' }]));
  });

  it('goes back to the dataset image by the button, and by choosing another one', async () => {
    const first = show(carriedHash);
    await first.user.click(await screen.findByRole('button', { name: 'Back to the dataset image' }));
    await waitFor(() => expect(subjects(first.asked).at(-1)).toEqual({ dataset, side: 'test', index: 0 }));
    expect(screen.queryByRole('button', { name: 'Back to the dataset image' })).toBeNull();
    cleanup();
    const second = show(carriedHash);
    await second.user.click(await screen.findByRole('button', { name: 'Next image' }));
    await waitFor(() => expect(subjects(second.asked).at(-1)).toEqual({ dataset, side: 'test', index: 1 }));
    expect(location.hash).not.toContain('carried');
  });

  it('says that the image went with the window, and leaves out one of another shape', async () => {
    carried.hand(undefined);
    const { asked } = show(carriedHash);
    expect(await screen.findByText(/went when the window was loaded again/)).toBeTruthy();
    await waitFor(() => expect(subjects(asked)).toEqual([{ dataset, side: 'test', index: 0 }]));
    cleanup();
    carried.hand({ ...image, shape: [4, 1, 1] });
    const other = show(carriedHash);
    await waitFor(() => expect(subjects(other.asked)).toEqual([{ dataset, side: 'test', index: 0 }]));
  });

  it('is not shown where the address does not ask for it', async () => {
    const { asked } = show('#/energy?models=fashion/jeat&index=4');
    await waitFor(() => expect(subjects(asked)).toEqual([{ dataset, side: 'test', index: 4 }]));
  });
});
