/** The energy view: what it asks for, its panels, probing by keyboard, ranges and going back, tables, and what it says when something is wrong. */
import { cleanup, screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import type { PlaneLevel } from '../../core/contract/areas/surface';
import { AppError } from '../../core/lib/errors';
import { route } from '../../renderer/state/route.svelte';
import { mountWith } from '../../renderer/testing/mount';
import EnergyView from '../../renderer/views/energy/EnergyView.svelte';

globalThis.Path2D ??= class {
  moveTo() {
    return undefined;
  }
  lineTo() {
    return undefined;
  }
  closePath() {
    return undefined;
  }
} as unknown as typeof Path2D;

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
} as const;
const rows = ['jeat', 'natural', 'noise', 'at', 'prejeat'].map((name) => ({
  name: `fashion/${name}`,
  source: 'embedded',
  card: { name, dataset: 'fashion-mnist', objective: name },
}));

/** E(x,y) = 10 a + b + 3, with a mean of 3. */
function level(resolution: number, finest: boolean): PlaneLevel {
  const offsets = Float32Array.from({ length: resolution }, (_, i) => 0.3 * ((2 * i) / (resolution - 1) - 1));
  const joint = Float32Array.from(
    { length: resolution ** 2 },
    (_, i) => 10 * (offsets[i % resolution] ?? 0) + (offsets[Math.floor(i / resolution)] ?? 0) + 3,
  );
  const flat = (...values: number[]) => Float32Array.from(values);
  return {
    kind: 'level',
    resolution,
    finest,
    offsets,
    joint,
    marginal: joint.map((value) => value - 1),
    offset: { joint: 3, marginal: 1 },
    image: flat(0.5, 0.5, 0.5, 0.5),
    u: flat(1, -1, 1, -1),
    v: flat(1, 1, -1, -1),
    label: 1,
    shape: [2, 2, 1],
  };
}

const flatness = (attacked: number) => ({
  images: 2,
  random: { mean: 0.1, meanMax: 0.2, max: 0.3 },
  attacked: { mean: attacked, max: 2 },
  gap: 4,
  maxOverGap: attacked / 4,
  gradientNorm: 1,
  traceJoint: 0,
  traceMarginal: -1,
  basinRadius: 7,
});

type Answer = (input: { model: string; dataset: string; kinds?: string[] }) => unknown;
function fakeClient(changes: Record<string, Answer> = {}) {
  const answers: Record<string, Answer> = {
    'models.list': () => rows,
    'datasets.list': () => [{ ...details, summary: '', licence: '', home: '', state: 'embedded' }],
    'datasets.open': () => details,
    'datasets.values': () => ({ values: Float32Array.of(0.5, 0.5, 0.5, 0.5) }),
    'datasets.labels': () => ({ labels: new Int32Array(20).fill(1) }),
    'catalogue.read': () => ({
      attacks: [{ id: 'pgd', title: 'PGD', summary: 'Gradient steps.', reference: '', options: {} }],
      samplers: [{ id: 'sgld', title: 'SGLD', summary: 'Noisy steps.', reference: '', options: {} }],
    }),
    'surface.walk': () => ({
      a: Float32Array.of(0, 0.05, 0.1),
      b: Float32Array.of(0, 0, 0.01),
      joint: Float32Array.of(3, 4, 5),
      marginal: Float32Array.of(1, 1, 1),
      distance: Float32Array.of(0, 0.1, 0.2),
      images: new Uint8Array(12),
    }),
    'surface.plane': () => [{ kind: 'progress', done: 3, total: 441 }, level(11, false), level(21, true)],
    'surface.flatness': ({ model }) => [{ done: 2, total: 2, flatness: flatness(model === 'fashion/natural' ? 8 : 1) }],
    'surface.energies': () =>
      (['clean', 'adversarial', 'generated'] as const).map((kind, i) => ({
        kind,
        from: 0,
        total: 2,
        marginal: Float32Array.of(-3, -2),
        joint: Float32Array.of(-3 + i, -2 + i),
        correct: Uint8Array.of(1, kind === 'adversarial' ? 0 : 1),
      })),
    'runs.follow': () => [[]],
    ...changes,
  };
  const call = vi.fn(async (name: string, input: unknown) => answers[name]?.(input as never));
  const stream = vi.fn(async function* (name: string, input: unknown) {
    yield* (answers[name]?.(input as never) ?? []) as Iterable<unknown>;
  });
  return { call, stream } as unknown as LowlandClient & { call: typeof call; stream: typeof stream };
}

function show(hash = '#/energy', changes: Record<string, Answer> = {}) {
  location.hash = hash;
  route.restore(hash);
  for (const [name, size] of [
    ['clientWidth', 1200],
    ['clientHeight', 700],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
  const client = fakeClient(changes);
  return { client, ...mountWith(EnergyView, { client, connected: true }) };
}
afterEach(cleanup);

const panel = (name: string) => screen.findByRole('application', { name: new RegExp(`, ${name}`) });
const asked = ({ stream }: ReturnType<typeof fakeClient>, name: string) =>
  stream.mock.calls.filter(([called]) => called === name).map(([, input]) => input as Record<string, unknown>);

describe('the energy view', () => {
  it('compares natural, at, prejeat and jeat round test image 0 at first', async () => {
    const { client } = show();
    await panel('jeat');
    expect(asked(client, 'surface.plane').map(({ model }) => model)).toEqual(
      ['natural', 'at', 'prejeat', 'jeat'].map((name) => `fashion/${name}`),
    );
    expect(asked(client, 'surface.plane')[0]).toMatchObject({
      subject: { dataset: 'fashion-mnist-mini', side: 'test', index: 0 },
      norm: 'linf',
      eps: 0.1,
      directions: 'random',
      resolution: 81,
    });
    expect(Number(asked(client, 'surface.plane')[0]?.range)).toBeCloseTo(0.3);
    expect(screen.getAllByText('21 × 21', { selector: '.points' })).toHaveLength(4);
  });

  it('takes image, models and energy from the address', async () => {
    const { client } = show('#/energy?side=train&index=7&models=fashion/noise&energy=marginal');
    await panel('noise');
    expect(asked(client, 'surface.plane')).toHaveLength(1);
    expect(asked(client, 'surface.plane')[0]).toMatchObject({ subject: { side: 'train', index: 7 } });
    expect(screen.getByRole('radio', { name: 'E(x)' })).toHaveProperty('checked', true);
  });

  it('probes by keyboard, in every panel at once', async () => {
    const { user } = show('#/energy?models=fashion/jeat~fashion/at');
    (await panel('jeat')).focus();
    await user.keyboard('{Shift>}{ArrowRight}{/Shift}');
    expect(await screen.findByText('At the pointer')).toBeTruthy();
    expect(screen.getByText('u 0.075, v 0')).toBeTruthy();
    expect(screen.getAllByRole('row', { name: /0\.75 / })).toHaveLength(2);
    await user.keyboard('{Escape}');
    expect(await screen.findByText('At the star')).toBeTruthy();
  });

  it('chooses a range, and goes back to the one before', async () => {
    const { client, user } = show('#/energy?models=fashion/jeat');
    (await panel('jeat')).focus();
    await user.keyboard('{+}');
    await waitFor(() => expect(asked(client, 'surface.plane').at(-1)?.range).toBe(0.15));
    await user.click(screen.getByRole('button', { name: 'Back to the last range' }));
    await waitFor(() => expect(Number(asked(client, 'surface.plane').at(-1)?.range)).toBeCloseTo(0.3));
  });

  it('goes through images, and opens the one that is shown in Datasets', async () => {
    const { client, user } = show('#/energy?models=fashion/jeat');
    await panel('jeat');
    await user.click(screen.getByRole('button', { name: 'Previous image' }));
    await waitFor(() => expect(asked(client, 'surface.plane').at(-1)).toMatchObject({ subject: { index: 19 } }));
    await user.click(screen.getByRole('button', { name: 'Open in Datasets' }));
    expect(location.hash).toBe('#/datasets?dataset=fashion-mnist-mini&side=test&index=19');
  });

  it('draws a walk and steps along it', async () => {
    const { client, user } = show('#/energy?models=fashion/jeat');
    await panel('jeat');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Walk' }), 'SGLD');
    expect(await screen.findByText('Walk at step 2')).toBeTruthy();
    expect(client.call.mock.calls.find(([name]) => name === 'surface.walk')?.[1]).toMatchObject({
      model: 'fashion/jeat',
      by: { sampler: 'sgld', steps: 40 },
    });
    await user.click(screen.getByRole('button', { name: 'Previous step' }));
    expect(screen.getByText('Walk at step 1')).toBeTruthy();
    expect(screen.getByRole('row', { name: /jeat 1 0/ })).toBeTruthy();
  });

  it('measures flatness in a table that sorts', async () => {
    const { user } = show('#/energy?show=flatness');
    await user.click((await screen.findAllByRole('button', { name: 'Measure flatness' }))[0] as HTMLElement);
    const table = await screen.findByRole('grid', { name: 'Flatness of models' });
    await waitFor(() => expect(table.querySelectorAll('tbody tr')).toHaveLength(4));
    await user.click(screen.getByRole('button', { name: 'Rise, attacked' }));
    await user.click(screen.getByRole('button', { name: 'Rise, attacked' }));
    expect(table.querySelector('tbody tr')?.textContent).toContain('natural');
  });

  it('shows how many images of each kind are taken for their class', async () => {
    const { user } = show('#/energy?show=distributions&models=fashion/jeat');
    await user.click((await screen.findAllByRole('button', { name: 'Measure energies' }))[0] as HTMLElement);
    expect(await screen.findByText(/clean 100.% · adversarial 50.% · generated 100.%/)).toBeTruthy();
    expect(screen.getByRole('img', { name: /E\(x,y\) of jeat: clean, mean −2.5 nats/ })).toBeTruthy();
  });

  it('says in a panel what is wrong with its model, and draws the others', async () => {
    show('#/energy?models=fashion/jeat~fashion/at', {
      'surface.plane': ({ model }) => {
        if (model === 'fashion/at') throw new AppError('BAD_WEIGHTS', 'The weights of at are torn.');
        return [level(21, true)];
      },
    });
    await panel('jeat');
    expect(await screen.findByText('The weights of at are torn.')).toBeTruthy();
  });

  it('says what to do where a dataset is missing or no model fits', async () => {
    show('#/energy?dataset=cifar10', {
      'datasets.open': () => {
        throw new AppError('NOT_FOUND', "The dataset 'cifar10' is not in your data folder.");
      },
    });
    expect(await screen.findByText(/is not in your data folder/)).toBeTruthy();
    cleanup();
    show('#/energy?dataset=own', { 'datasets.open': () => ({ ...details, id: 'own', title: 'Own' }) });
    expect(await screen.findByText(/No model was trained on Own yet/)).toBeTruthy();
    cleanup();
    show('#/energy?show=training');
    expect(await screen.findByRole('heading', { name: 'No run yet' })).toBeTruthy();
  });
});
