/** Judging a model from its inspector: the suite that is asked for, and what one found, section by section. */
import axe from 'axe-core';
import { screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import type { ModelRow } from '../../core/contract/areas/models';
import type { SuiteResults } from '../../core/contract/areas/suites';
import { AppError } from '../../core/lib/errors';
import { toasts } from '../../renderer/state/toasts.svelte';
import { mountWith } from '../../renderer/testing/mount';
import Judged from '../../renderer/views/models/Judged.svelte';

const row: ModelRow = {
  name: 'pets/at',
  source: 'embedded',
  card: { name: 'pets/at', dataset: 'tiny' },
  judged: {
    ...{ format: 1, model: 'pets/at', weights: 'w', suite: 'quick', dataset: 'tiny', split: 'test', images: 200 },
    ...{ seed: 0, engine: 'cpu', date: '2026-01-01', clean: 0.8, ece: 0.05, auroc: 0.9 },
    robust: { by: 'apgd-ce', norm: 'linf', eps: 0.1, accuracy: 0.5, images: 200 },
  },
};
const results: SuiteResults = {
  ...{ suite: 'quick', model: 'pets/at', dataset: 'tiny', images: 200, seed: 0, folder: '/data/suites/x' },
  ...{ total: 2, command: 'npx lowland evaluate pets/at --suite quick' },
  sections: [
    {
      id: 'robustness',
      title: 'Robustness',
      text: 'Right after each attack.',
      table: { columns: ['class', 'robust'], rows: [['cat', '50.0 %']] },
      figures: [{ name: 'a.svg', svg: '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="#ffffff"/></svg>' }],
    },
  ],
};

function open(of: ModelRow, answers: Record<string, () => unknown>) {
  const call = vi.fn(async (name: string) => {
    const answer = answers[name];
    if (!answer) throw new Error(`nobody answers '${name}'`);
    return answer();
  });
  return { ...mountWith(Judged, { row: of, client: { call } as unknown as LowlandClient }), call };
}
const datasets = () => [
  { id: 'other', title: 'Other', state: 'added' },
  { id: 'tiny', title: 'Tiny pets', state: 'not added' },
  { id: 'tiny-mini', title: 'Tiny pets, some', state: 'embedded' },
];

beforeEach(() => {
  for (const { id } of toasts.list) toasts.dismiss(id);
});

describe('judging a model', () => {
  it('queues the suite with its usual number of images, on what is here of what the model was trained on', async () => {
    const { user, call } = open(row, { 'datasets.list': datasets, 'jobs.submit': () => ({ id: 'job-1' }) });
    await user.click(screen.getByRole('button', { name: 'Judge it' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Judge pets/at' }));
    await waitFor(() =>
      expect(sheet.getByRole<HTMLSelectElement>('combobox', { name: 'Dataset' }).value).toBe('tiny-mini'),
    );
    await user.click(sheet.getByRole('radio', { name: 'Standard' }));
    await user.click(sheet.getByRole('button', { name: 'Start' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const plan = { model: 'pets/at', suite: 'standard', dataset: 'tiny-mini', images: 1000, norm: 'linf', seed: 0 };
    expect(call).toHaveBeenCalledWith('jobs.submit', { job: { kind: 'suite', ...plan } });
    expect(toasts.list.at(-1)?.text).toBe('Suite standard of pets/at queued');
  });

  it('says why a suite could not be queued, and stays open', async () => {
    const refuse = () => {
      throw new AppError('FAILED', 'The queue is full.');
    };
    const { user } = open(row, { 'datasets.list': datasets, 'jobs.submit': refuse });
    await user.click(screen.getByRole('button', { name: 'Judge it' }));
    const start = await screen.findByRole<HTMLButtonElement>('button', { name: 'Start' });
    await waitFor(() => expect(start.disabled).toBe(false));
    await user.click(start);
    expect((await screen.findByRole('alert')).textContent).toContain('The queue is full.');
  });

  it('shows what was found, with its figures in the colours of the window', async () => {
    const { user, container, call } = open(row, { 'suites.results': () => results });
    expect(container.textContent).toMatch(/50\.0.% stand apgd-ce at linf/);
    await user.click(screen.getByRole('button', { name: 'Show all it found' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'What suite quick found' }));
    expect(await sheet.findByRole('heading', { name: 'Robustness' })).toBeTruthy();
    expect(sheet.getByRole('cell', { name: '50.0 %' })).toBeTruthy();
    expect(document.querySelector('.figure rect')?.getAttribute('fill')).toBe('var(--raised)');
    expect(call).toHaveBeenCalledWith('suites.results', { model: 'pets/at' }, expect.anything());
    const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  it('offers nothing to show of a model that no suite has judged', () => {
    const { judged: _none, ...unknown } = row;
    open(unknown, {});
    expect(screen.getByText(/^Not judged yet/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Show all it found' })).toBeNull();
  });
});
