/** The Models view over a host that is made up: cards, table, filters, comparison, samples, import, removal; and the facts of cards. */
import axe from 'axe-core';
import { screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import type { Evaluation } from '../../core/contract/areas/evaluations';
import type { ModelRow } from '../../core/contract/areas/models';
import { AppError } from '../../core/lib/errors';
import { count } from '../../core/lib/options';
import { toasts } from '../../renderer/state/toasts.svelte';
import { mountWith } from '../../renderer/testing/mount';
import ModelsView from '../../renderer/views/models/ModelsView.svelte';
import { commonEvaluations } from '../../renderer/views/models/curves';
import {
  choices,
  compared,
  filtered,
  measuredOn,
  noFilter,
  robustUnder,
  titleOf,
} from '../../renderer/views/models/facts';
import { checkedSize, nameFor } from '../../renderer/views/models/importing';

const robust = (accuracy: number) => ({ attack: 'pgd', norm: 'linf', eps: 8 / 255, steps: 20, accuracy, images: 1000 });
const row = (name: string, objective: string, accuracy: number, more: Partial<ModelRow> = {}): ModelRow => ({
  name,
  source: 'embedded',
  card: {
    name,
    objective,
    dataset: 'tiny',
    clean: 0.8,
    robust: robust(accuracy),
    parameters: 1234,
    architecture: 'convnet',
    options: { widths: [4, 8] },
    flatness: { maxOverGap: accuracy / 2 },
  },
  ...more,
});
const rows: readonly ModelRow[] = [
  row('pets/at', 'pgd-at', 0.5),
  row('pets/jeat', 'jeat', 0.4),
  row('mine', 'jeat', 0.6, { source: 'imported' }),
  { name: '/data/runs/at', source: 'run', checkpoint: 'step-5', card: { name: 'at', title: 'at', dataset: 'other' } },
  { name: 'broken', source: 'imported', problem: "The card 'broken.json' is not valid." },
];
const energies = { clean: { marginal: 0, joint: 0 }, reached: { marginal: 0, joint: 0 } };
const evaluation = (id: string, model: string, dataset = 'tiny'): Evaluation => ({
  id,
  plan: { model, dataset, side: 'test', images: 4, batch: 2, norm: 'linf', eps: [0.1], attacks: [], seed: 0 },
  state: 'done',
  created: '2026-01-01T00:00:00Z',
  engines: [],
  images: 4,
  classes: [],
  cells: [
    { kind: 'clean', images: 4, accuracy: 0.75, ...energies },
    { kind: 'attack', attack: 'fgsm', title: 'FGSM', eps: 0.1, options: {}, images: 4, accuracy: 0.5, ...energies },
  ],
});

type Answers = Record<string, (input: never) => unknown>;
const frame = (step: number) => ({
  step,
  images: new Uint8Array(32),
  marginal: new Float32Array(8),
  predicted: new Uint8Array(8),
});
const answers: Answers = {
  'models.list': () => rows,
  'models.show': ({ model }: { model: string }) => ({
    ...rows.find(({ name }) => name === model),
    inputShape: [2, 2, 1],
    size: 2048,
    tensors: [{ name: 'conv1.weight', shape: [3, 3, 1, 4], trainable: true }],
  }),
  'catalogue.read': () => ({
    attacks: [],
    parts: {
      model: [
        { id: 'convnet', title: 'Convnet', summary: 'Small.', reference: 'x', options: { depth: count(2, 'Layers.') } },
      ],
    },
  }),
  'datasets.list': () => [{ id: 'tiny', title: 'Tiny pets', state: 'added' }],
  'sampling.open': () => ({
    session: 's',
    shape: [2, 2, 1],
    classes: ['cat', 'dog'],
    labels: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1),
    recipe: { steps: 20, options: { step: 0.4 } },
    frame: frame(0),
  }),
  'sampling.advance': () => frame(10),
  'sampling.close': () => null,
  'models.remove': () => ({ trashed: 'mine~1' }),
  'models.restore': () => rows[2],
};

async function open(hash = '#/models', changes: Answers = {}) {
  location.hash = hash;
  dispatchEvent(new HashChangeEvent('hashchange'));
  await tick();
  const call = vi.fn(async (name: string, input: never) => {
    const answer = { ...answers, ...changes }[name];
    if (!answer) throw new Error(`nobody answers '${name}'`);
    return answer(input);
  });
  const stream = async function* (_name: string, _input: object, { signal }: { signal: AbortSignal }) {
    yield [evaluation('e', 'pets/at'), evaluation('f', 'pets/jeat')];
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const client = { call, stream } as unknown as LowlandClient;
  return { ...mountWith(ModelsView, { client, connected: true }), call };
}
const card = (name: string) => screen.findByRole('article', { name });
const titles = () => screen.queryAllByRole('article').map((article) => article.getAttribute('aria-label'));

beforeEach(() => {
  for (const { id } of toasts.list) toasts.dismiss(id);
});

describe('the Models view', () => {
  it('shows the numbers that decide, and what is wrong with a damaged one', async () => {
    await open();
    const text = (await card('pets/at')).textContent;
    for (const words of ['80.0', '50.0', 'PGD-20, linf 8/255', '0.25', 'pgd-at · tiny · with Lowland'])
      expect(text).toContain(words);
    expect((await card('broken')).textContent).toContain('is not valid');
    expect((await card('at')).textContent).toContain('step-5');
  });

  it('filters by dataset, objective, source and words', async () => {
    const { user } = await open();
    await card('pets/at');
    await user.click(within(screen.getByRole('group', { name: 'Objective' })).getByRole('button', { name: /jeat/ }));
    expect(titles()).toEqual(['pets/jeat', 'mine']);
    await user.click(within(screen.getByRole('group', { name: 'Source' })).getByRole('button', { name: /imported/ }));
    expect(titles()).toEqual(['mine']);
    await user.type(screen.getByRole('searchbox', { name: 'Search models' }), 'pets');
    await user.click(await screen.findByRole('button', { name: 'Clear the filters' }));
    expect(titles()).toHaveLength(5);
  });

  it('sorts the leaderboard by what is clicked', async () => {
    const { user } = await open('#/models?show=table');
    const table = await screen.findByRole('grid', { name: 'Models' });
    const order = () =>
      within(table)
        .getAllByRole('row')
        .slice(1)
        .map((each) => each.querySelector('td')?.textContent?.trim());
    expect(order()).toEqual(['mine', 'pets/at', 'pets/jeat', 'at', 'broken']);
    await user.click(within(table).getByRole('button', { name: /Flatness/ }));
    expect(order().slice(0, 3)).toEqual(['pets/jeat', 'pets/at', 'mine']);
  });

  it('puts models side by side, with what differs marked, and their curves on one axis', async () => {
    const { user } = await open();
    for (const name of ['pets/at', 'pets/jeat'])
      await user.click(within(await card(name)).getByRole('checkbox', { name: 'Compare' }));
    await user.click(screen.getByRole('radio', { name: 'Compare 2' }));
    const table = within(await screen.findByRole('table', { name: 'Models side by side' }));
    expect(table.getByRole('row', { name: 'Objective, differs pgd-at jeat' })).toBeTruthy();
    expect(table.getByRole('row', { name: /^Clean accuracy 80.0/ }).className).not.toContain('differs');
    await user.click(screen.getByRole('switch', { name: 'Only what differs' }));
    expect(table.queryByRole('row', { name: /Clean accuracy/ })).toBeNull();
    expect(screen.getByRole('img', { name: 'Accuracy against eps: pets/at, pets/jeat' })).toBeTruthy();
  });

  it('shows a model with its tensors, and goes on with it elsewhere', async () => {
    const { user } = await open('#/models?model=pets/at');
    const inspector = within(screen.getByRole('complementary', { name: 'Model' }));
    expect(await inspector.findByText('1 tensors, 36 numbers')).toBeTruthy();
    await user.click(inspector.getByRole('button', { name: 'Attack it' }));
    expect(decodeURIComponent(location.hash)).toBe('#/attack?models=pets/at&form=1');
  });

  it('generates samples only when asked, and closes their session', async () => {
    const { user, call } = await open();
    const at = await card('pets/at');
    expect(call.mock.calls.some(([name]) => name.startsWith('sampling'))).toBe(false);
    await user.click(within(at).getByRole('button', { name: 'Show samples' }));
    expect(await within(at).findByRole('img', { name: /Generated from noise: cat/ })).toBeTruthy();
    await waitFor(() => expect(call).toHaveBeenCalledWith('sampling.close', { session: 's' }));
    expect(call.mock.calls.filter(([name]) => name === 'sampling.advance')).toHaveLength(2);
  });

  it('removes an imported model at once, and offers to undo it', async () => {
    const { user, call } = await open('#/models?model=mine');
    await user.click(await screen.findByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(toasts.list.at(-1)?.text).toBe('mine removed'));
    toasts.list.at(-1)?.action?.run();
    await waitFor(() => expect(call).toHaveBeenCalledWith('models.restore', { trashed: 'mine~1' }));
  });

  it('imports a dropped file with the architecture of choice, and says what is wrong with it', async () => {
    let tries = 0;
    const { user, call } = await open('#/models', {
      'models.import': () => {
        if (tries++ === 0)
          throw new AppError('BAD_WEIGHTS', "'net.pt' does not fit convnet.", 'Check the architecture.');
        return { name: 'net', source: 'imported', report: ['Its tensors are all there.'] };
      },
    });
    await card('mine');
    await user.click(screen.getByRole('button', { name: /^Import/ }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Import a model' }));
    const drop = new Event('drop', { bubbles: true, cancelable: true });
    const dropped = new File([new Uint8Array([1, 2, 3])], 'net (1).pt');
    dropped.arrayBuffer = async () => new ArrayBuffer(3);
    Object.assign(drop, { dataTransfer: { files: [dropped] } });
    sheet.getByRole('group', { name: 'Model to import' }).dispatchEvent(drop);
    await waitFor(() => expect(sheet.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('net-1'));
    await user.selectOptions(sheet.getByRole('combobox', { name: 'Architecture' }), 'convnet');
    const take = sheet.getByRole<HTMLButtonElement>('button', { name: 'Import model' });
    expect(take.disabled).toBe(true);
    await user.selectOptions(sheet.getByRole('combobox', { name: 'Dataset' }), 'tiny');
    await user.click(take);
    expect((await sheet.findByRole('alert')).textContent).toContain("'net.pt' does not fit convnet.");
    await user.click(take);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(call).toHaveBeenCalledWith(
      'models.import',
      expect.objectContaining({ name: 'net-1', architecture: 'convnet', dataset: 'tiny', file: 'net (1).pt' }),
    );
    expect(toasts.list.at(-1)).toMatchObject({ text: 'net imported', detail: 'Its tensors are all there.' });
  });

  it('says why there is no list, and tries again', async () => {
    let tries = 0;
    const { user } = await open('#/models', {
      'models.list': () => {
        if (tries++ === 0) throw new AppError('NOT_WRITABLE', 'No permission.');
        return rows;
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await card('mine')).toBeTruthy();
  });

  it.each(['#/models?model=pets/at', '#/models?show=table', '#/models?show=compare&models=pets/at~pets/jeat'])(
    'has nothing serious for axe at %s',
    async (hash) => {
      const { container } = await open(hash);
      await screen.findAllByText(/pets\/at/);
      const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    },
  );
});

describe('facts of models', () => {
  it('name runs by themselves, attacks with their steps, and what was measured on', () => {
    expect(rows.map(titleOf)).toEqual(['pets/at', 'pets/jeat', 'mine', 'at', 'broken']);
    expect(robustUnder({ name: 'x', robust: robust(0.5) })).toBe('PGD-20, linf 8/255');
    expect(robustUnder({})).toBe('');
    const validation = { name: 'x', robust: robust(0.5), measuredOn: 'at most 1000 validation images' };
    expect(measuredOn(validation)).toBe('at most 1000 validation images');
  });

  it('count choices and filter by them', () => {
    expect(choices(rows, ({ card: each }) => each?.objective ?? '')).toEqual([
      { value: '', label: 'not said', count: '2' },
      { value: 'jeat', label: 'jeat', count: '2' },
      { value: 'pgd-at', label: 'pgd-at', count: '1' },
    ]);
    expect(filtered(rows, { ...noFilter, objective: ['jeat', 'pgd-at'], source: ['embedded'] })).toHaveLength(2);
  });

  it('compare field by field, whatever a card lacks', () => {
    const fields = compared([rows[0], rows[4]].flatMap((each) => each ?? []));
    expect(fields.find(({ field }) => field === 'widths')).toEqual({
      group: 'Architecture',
      field: 'widths',
      values: ['4, 8', '–'],
      differs: true,
    });
  });

  it('take the evaluations that most models share', () => {
    const of = (title: string, evaluations: Evaluation[]) => ({ title, method: title, colour: '', evaluations });
    const shared = commonEvaluations([
      of('a', [evaluation('1', 'a', 'other'), evaluation('2', 'a')]),
      of('b', [evaluation('3', 'b')]),
      of('c', []),
    ]);
    expect(shared?.named.map(({ evaluation: { id } }) => id)).toEqual(['2', '3']);
    expect(commonEvaluations([of('a', [])])).toBeUndefined();
  });

  it('make a name of a file, and refuse what is too large or empty', () => {
    expect(['my net (1).safetensors', '..hidden.pt', 'é.pt', 'a'.repeat(200)].map(nameFor)).toEqual([
      'my-net-1',
      'hidden',
      '',
      'a'.repeat(100),
    ]);
    expect(() => checkedSize('x', 0)).toThrow('is empty');
    expect(() => checkedSize('x', 2 ** 30)).toThrow('1024 MiB');
  });
});
