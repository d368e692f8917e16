/** The Attack view over a host that is made up: matrix, cell, images, the form, pause and resume, removal, damaged folders. */
import axe from 'axe-core';
import { screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import type { Evaluation, UnreadableEvaluation } from '../../core/contract/areas/evaluations';
import type { Job } from '../../core/contract/areas/jobs';
import { count, distance } from '../../core/lib/options';
import { exporting } from '../../renderer/state/exports.svelte';
import { toasts } from '../../renderer/state/toasts.svelte';
import { mountWith } from '../../renderer/testing/mount';
import AttackView from '../../renderer/views/attack/AttackView.svelte';

const energies = { clean: { marginal: -5, joint: -4 }, reached: { marginal: -6, joint: -3 } };
const evaluation = (id: string, model: string, accuracy: number, state: Evaluation['state'] = 'done'): Evaluation => ({
  id,
  plan: {
    model,
    dataset: 'tiny',
    side: 'test',
    images: 4,
    batch: 2,
    norm: 'linf',
    eps: [0.1],
    attacks: [{ attack: 'pgd', options: {} }],
    seed: 0,
  },
  state,
  created: `2026-01-0${id.length}T00:00:00Z`,
  engines: ['wasm'],
  images: 4,
  classes: ['cat', 'dog'],
  cells: [
    { kind: 'clean', images: 4, accuracy: 0.75, ...energies },
    {
      kind: 'attack',
      attack: 'pgd',
      title: 'PGD',
      eps: 0.1,
      options: { eps: 0.1, steps: 20 },
      images: state === 'done' ? 4 : 2,
      accuracy,
      ...energies,
    },
  ],
});
const point = (predicted: number[]) => ({
  predicted: Int32Array.from(predicted),
  marginal: new Float32Array(4).fill(-5),
  joint: new Float32Array(4).fill(-4),
});
const preview = {
  shape: [2, 2, 1],
  classes: ['cat', 'dog'],
  label: 0,
  clean: new Float32Array(4),
  adversarial: new Float32Array(4).fill(0.1),
  cleanLogits: Float32Array.of(2, 0),
  adversarialLogits: Float32Array.of(0, 2),
  linf: 0.1,
  l2: 0.2,
  options: {},
};

type Answers = Record<string, (input: never) => unknown>;
const answers: Answers = {
  'catalogue.read': () => ({
    attacks: [
      {
        id: 'pgd',
        title: 'PGD',
        summary: 'Steps.',
        reference: '',
        options: { eps: distance('8/255', 'Radius.'), steps: count(10, 'Steps.') },
      },
      {
        id: 'fgsm',
        title: 'FGSM',
        summary: 'One step.',
        reference: '',
        options: { eps: distance('8/255', 'Radius.') },
      },
    ],
  }),
  'models.list': () =>
    ['a', 'b'].map((name) => ({ name, source: 'imported', card: { name, dataset: 'tiny', objective: 'jeat' } })),
  'evaluations.images': () => ({
    labels: Int32Array.of(0, 0, 1, 1),
    clean: point([0, 0, 1, 0]),
    adversarial: point([0, 1, 1, 0]),
    robust: Uint8Array.of(1, 0, 1, 0),
  }),
  'datasets.list': () => [{ id: 'tiny', title: 'Tiny pets', state: 'added' }],
  'datasets.open': () => ({
    id: 'tiny',
    shape: [2, 2, 1],
    sizes: { train: 8, test: 6 },
    budgets: { linf: 0.1, l2: 1, l1: 10 },
    classes: ['cat', 'dog'],
  }),
  'datasets.tiles': () => ({ pixels: new Uint8Array(16) }),
  'models.attack': () => preview,
  'jobs.submit': () => ({ id: 'job-1' }),
  'jobs.pause': () => null,
  'jobs.resume': () => null,
  'evaluations.remove': () => ({ trashed: 'a~1' }),
  'evaluations.restore': () => null,
};

async function open(
  rows: readonly (Evaluation | UnreadableEvaluation)[],
  { jobs = [], hash = '#/attack' }: { jobs?: readonly Job[]; hash?: string } = {},
) {
  location.hash = hash;
  dispatchEvent(new HashChangeEvent('hashchange'));
  await tick();
  const call = vi.fn(async (name: string, input: never) => {
    const answer = answers[name];
    if (!answer) throw new Error(`nobody answers '${name}'`);
    return answer(input);
  });
  const stream = async function* (_name: string, _input: object, { signal }: { signal: AbortSignal }) {
    yield rows;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const client = { call, stream } as unknown as LowlandClient;
  return { ...mountWith(AttackView, { client, jobs, connected: true }), call };
}
const job = (state: Job['state'], target: string): Job => ({
  id: 'job-7',
  request: { kind: 'resume-evaluation', id: target },
  kind: 'resume-evaluation',
  title: 'Attack a',
  state,
  priority: 0,
  target,
  notes: [],
  created: 0,
});
const pair = [evaluation('e', 'a', 0.5), evaluation('ee', 'b', 0.25)];
const matrix = () => screen.findByRole('grid', { name: 'Accuracy by model and attack' });
const cellOf = async (name: RegExp) => within(await matrix()).getByRole('gridcell', { name });

beforeEach(() => {
  for (const { id } of toasts.list) toasts.dismiss(id);
  exporting.close();
});

describe('the Attack view', () => {
  it('teaches where nothing is evaluated', async () => {
    const { user } = await open([]);
    await screen.findByText('Nothing is evaluated yet');
    await user.click(screen.getAllByRole('button', { name: /New evaluation/ })[0] as HTMLElement);
    expect(await screen.findByRole('dialog', { name: 'New evaluation' })).toBeTruthy();
  });

  it('shows models under attacks, and goes through them by keys', async () => {
    const { user } = await open(pair);
    const first = await cellOf(/^a, Clean no attack: 75.0 %/);
    first.focus();
    await user.keyboard('{ArrowDown}{ArrowRight}');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('b, PGD-20 0.1: 25.0 %');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(location.hash).toContain('evaluation=ee&cell=1'));
    expect(await screen.findByText('PGD-20, linf eps 0.1')).toBeTruthy();
    expect(screen.getByText(/± .* \(95 %\) over 4 images/)).toBeTruthy();
  });

  it('shows the images that were fooled, one of them clean, attacked, and what changed', async () => {
    const { user, call } = await open(pair, { hash: '#/attack?evaluation=e&cell=1' });
    const list = await screen.findByRole('listbox', { name: 'Fooled' });
    expect(
      within(list)
        .getAllByRole('option')
        .map((option) => option.getAttribute('aria-label')),
    ).toEqual(['Image 1, cat taken for dog']);
    await user.click(within(list).getByRole('option'));
    expect(await screen.findByRole('img', { name: 'Adversarial' })).toBeTruthy();
    expect(call).toHaveBeenCalledWith(
      'models.attack',
      expect.objectContaining({ model: 'a', subject: { dataset: 'tiny', side: 'test', index: 1 }, attack: 'pgd' }),
      expect.anything(),
    );
    const table = within(screen.getByRole('table', { name: 'As evaluated, in nats' }));
    expect(table.getByRole('row', { name: 'Taken for cat dog' })).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: /Stand/ }));
    expect(within(screen.getByRole('listbox', { name: 'Stand' })).getAllByRole('option')).toHaveLength(2);
  });

  it('queues a job for each chosen model', async () => {
    const { user, call } = await open(pair);
    await user.click(await screen.findByRole('button', { name: /New evaluation/ }));
    const form = within(await screen.findByRole('dialog', { name: 'New evaluation' }));
    const [a, b] = await form.findAllByRole('checkbox');
    expect([(a as HTMLInputElement).checked, (b as HTMLInputElement).checked]).toEqual([true, true]);
    const radii = form.getByRole('textbox', { name: 'Radii (eps)' });
    await user.clear(radii);
    await user.type(radii, '0.1, much');
    await user.tab();
    expect(form.getByRole('alert').textContent).toContain("'much' is no radius");
    expect(form.getByRole<HTMLButtonElement>('button', { name: 'Start evaluation' }).disabled).toBe(true);
    await user.clear(radii);
    await user.type(radii, '0.1, 0.2');
    await user.tab();
    await user.click(form.getByRole('button', { name: 'Add an attack' }));
    await user.click(form.getByRole('button', { name: 'Start evaluation' }));
    await waitFor(() => expect(call.mock.calls.filter(([name]) => name === 'jobs.submit')).toHaveLength(2));
    const [, words] = call.mock.calls.find(([name]) => name === 'jobs.submit') ?? [];
    expect(words).toMatchObject({
      job: {
        kind: 'evaluate',
        plan: {
          dataset: 'tiny',
          eps: [0.1, 0.2],
          images: 6,
          attacks: [
            { attack: 'pgd', options: { steps: 20 } },
            { attack: 'fgsm', options: {} },
          ],
        },
      },
    });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('pauses what runs and resumes what stopped, by its job or by a new one', async () => {
    const half = [evaluation('e', 'a', 0.5, 'running')];
    const hash = '#/attack?evaluation=e';
    const running = await open(half, { jobs: [job('running', 'e')], hash });
    await running.user.click(await screen.findByRole('button', { name: 'Pause' }));
    expect(running.call).toHaveBeenCalledWith('jobs.pause', { id: 'job-7' });
    running.unmount();
    const stopped = [evaluation('e', 'a', 0.5, 'stopped')];
    const paused = await open(stopped, { jobs: [job('paused', 'e')], hash });
    await paused.user.click(await screen.findByRole('button', { name: 'Resume' }));
    expect(paused.call).toHaveBeenCalledWith('jobs.resume', { id: 'job-7' });
    paused.unmount();
    const alone = await open(stopped, { hash });
    await alone.user.click(await screen.findByRole('button', { name: 'Resume' }));
    expect(alone.call).toHaveBeenCalledWith('jobs.submit', { job: { kind: 'resume-evaluation', id: 'e' } });
    expect(await cellOf(/50 % of the images so far/)).toBeTruthy();
  });

  it('removes an evaluation at once, and offers to undo it', async () => {
    const { user, call } = await open(pair, { hash: '#/attack?evaluation=e' });
    await user.click(await screen.findByRole('button', { name: 'Remove evaluation' }));
    await waitFor(() => expect(toasts.list.at(-1)?.text).toBe('Evaluation removed'));
    toasts.list.at(-1)?.action?.run();
    expect(call).toHaveBeenCalledWith('evaluations.restore', { trashed: 'a~1' });
  });

  it('exports matrix and curves from the numbers on the screen', async () => {
    const { user } = await open(pair);
    await user.click(await screen.findByRole('button', { name: /Export/ }));
    await user.click(screen.getByRole('menuitem', { name: /Matrix as figure/ }));
    expect(exporting.current).toMatchObject({
      figure: 'attack-matrix',
      data: { accuracy: [0.75, 0.5, 0.75, 0.25] },
      provenance: { models: 'a, b', norm: 'linf' },
    });
  });

  it('shows what it can read beside what is damaged', async () => {
    const { user, call } = await open([
      ...pair,
      { id: 'x', state: 'unreadable', problem: "The evaluation 'x' is damaged." },
    ]);
    expect((await screen.findByRole('alert')).textContent).toContain('is damaged');
    await user.click(screen.getByRole('button', { name: 'Remove' }));
    expect(call).toHaveBeenCalledWith('evaluations.remove', { id: 'x' });
    expect(await matrix()).toBeTruthy();
  });

  it('has nothing serious for axe', async () => {
    const { container } = await open(pair, { hash: '#/attack?evaluation=e&cell=1&image=1' });
    await screen.findByRole('img', { name: 'Adversarial' });
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
