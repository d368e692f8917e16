/** The Train view over a host that is made up: list, charts, table, comparison, the form of a new run, removal, what goes wrong. */
import axe from 'axe-core';
import { screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import type { Job } from '../../core/contract/areas/jobs';
import type { RunEvents, RunRow } from '../../core/contract/areas/runs';
import { AppError } from '../../core/lib/errors';
import { count, distance } from '../../core/lib/options';
import { toasts } from '../../renderer/state/toasts.svelte';
import { mountWith } from '../../renderer/testing/mount';
import TrainView from '../../renderer/views/train/TrainView.svelte';

const rows: RunRow[] = [
  {
    run: 'mine',
    state: 'done',
    kind: 'train',
    title: 'mine',
    preset: 'tiny/jeat',
    objective: 'jeat',
    dataset: 'tiny',
    seed: 3,
    created: '2026-02-02',
    best: { step: 2, robust: 0.5 },
    last: { step: 2, clean: 0.75, robust: 0.5 },
  },
  {
    run: 'half',
    state: 'stopped',
    kind: 'train',
    title: 'half',
    preset: 'tiny/at',
    objective: 'pgd-at',
    dataset: 'tiny',
    seed: 1,
    created: '2026-01-01',
  },
  { run: 'bad', state: 'unreadable', problem: "'bad' is damaged." },
];
const log: RunEvents = {
  seq: 2,
  steps: {
    seq: Uint32Array.of(0, 1),
    t: Float64Array.of(0, 1000),
    step: Uint32Array.of(1, 2),
    epoch: Float64Array.of(0.5, 1),
    values: { loss: Float32Array.of(2, 1), imagesPerSecond: Float32Array.of(10, 10) },
  },
  events: [{ kind: 'evaluation', step: 2, seq: 2, t: 2000, 'accuracy.clean': 0.75, 'accuracy.robust': 0.5 }],
  superseded: [],
};
const part = (id: string, options = {}) => ({
  id,
  title: id.toUpperCase(),
  summary: `The ${id}.`,
  reference: '',
  options,
});
const resolved = (overrides: Record<string, string>) => ({
  name: 'tiny/jeat',
  dataset: 'tiny',
  model: { id: 'net', options: {} },
  objective: { id: 'jeat', options: { eps: Number(overrides['objective.eps'] ?? 0.1) } },
  optimiser: { id: 'sgd', options: {} },
  schedule: { id: 'constant', options: {} },
  training: { epochs: Number(overrides.epochs ?? 2), batch: 64 },
  seed: 3,
});
type Answers = Record<string, (input: never) => unknown>;
const answers: Answers = {
  'catalogue.read': () => ({
    presets: [
      { id: 'tiny/jeat', title: 'JEAT', summary: 'Low energy.', source: '', dataset: 'tiny', objective: 'jeat' },
      { id: 'tiny/at', title: 'AT', summary: 'Adversarial.', source: '', dataset: 'tiny', objective: 'pgd-at' },
    ],
    parts: {
      model: [part('net')],
      objective: [part('jeat', { eps: distance(0.1, 'Radius of the ball.') }), part('pgd-at')],
      optimiser: [part('sgd')],
      schedule: [part('constant')],
    },
    training: { epochs: count(1, 'Passes.', { min: 1 }), batch: count(64, 'Images a step.') },
    attacks: [],
    samplers: [],
    transforms: [],
    starts: [],
  }),
  'catalogue.configure': ({ overrides }: { overrides: Record<string, string> }) => ({
    configuration: resolved(overrides),
    base: resolved({}),
    problems: overrides.batch === '9' ? [{ option: 'batch', message: 'A batch of 9 is odd.' }] : [],
    parameters: 1234,
    steps: 56,
  }),
  'datasets.list': () => [{ id: 'tiny', title: 'Tiny pets', summary: '', licence: '', home: '', state: 'embedded' }],
  'runs.read': ({ run }: { run: string }) => ({
    run,
    folder: `/data/${run}`,
    state: 'done',
    manifest: {
      format: 1,
      kind: 'train',
      name: run,
      status: 'done',
      seed: 3,
      engine: 'wasm',
      versions: { lowland: '0' },
      configuration: resolved({ 'objective.eps': '0.25' }),
      timings: { created: '2026', updated: '2026', seconds: 4, sessions: 1 },
    },
    checkpoints: [{ step: 2, best: true }],
    totalSteps: 2,
  }),
  'runs.images': () => [{ name: 'samples-0000002.png', kind: 'samples', step: 2 }],
  'runs.image': () => ({ png: new Uint8Array(8) }),
  'runs.compare': () => [{ option: 'objective.options.eps', values: ['0.03137254901960784', '0.1'] }],
  'runs.remove': ({ run }: { run: string }) => ({ trashed: `${run}~1` }),
  'runs.restore': () => null,
  'jobs.submit': () => ({ id: 'job-1' }),
};

async function open(
  hash: string,
  { list = rows, jobs = [] as Job[], changes = {} as Answers, later = undefined as RunRow[] | undefined } = {},
) {
  location.hash = hash;
  dispatchEvent(new HashChangeEvent('hashchange'));
  await tick();
  const call = vi.fn(async (name: string, input: never) => {
    const answer = { ...answers, ...changes }[name];
    if (!answer) throw new Error(`nobody answers '${name}'`);
    return answer(input);
  });
  const stream = vi.fn(async function* (name: string, _input: never, { signal }: { signal: AbortSignal }) {
    if (name === 'runs.events') yield log;
    else {
      yield list;
      if (later) yield later;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }
  });
  const client = { call, stream } as unknown as LowlandClient;
  return { ...mountWith(TrainView, { client, jobs }), call, stream };
}

beforeEach(() => {
  for (const { id } of toasts.list) toasts.dismiss(id);
  URL.createObjectURL = () => 'blob:x';
  URL.revokeObjectURL = () => undefined;
});

describe('the runs', () => {
  it('are listed with state and best robust accuracy, the first shown with its charts, log and pictures', async () => {
    const { container } = await open('#/train');
    const list = await screen.findByRole('listbox', { name: 'Runs' });
    expect(
      within(list)
        .getAllByRole('option')
        .map(({ textContent }) => textContent?.replace(/\s+/g, ' ').trim()),
    ).toEqual([
      expect.stringMatching(/^mine 50\.0.% done jeat on tiny$/),
      expect.stringMatching(/^half – stopped/),
      expect.stringMatching(/^bad – unreadable/),
    ]);
    expect(await screen.findByRole('region', { name: 'Loss and its terms' })).toBeTruthy();
    expect(screen.getByRole('application', { name: /^Loss and its terms, Loss 1/ })).toBeTruthy();
    expect(within(screen.getByRole('list', { name: 'Log' })).getByText(/Evaluated: clean 75\.0/)).toBeTruthy();
    expect(await screen.findByRole('img', { name: 'Samples at step 2' })).toBeTruthy();
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });

  it('are chosen by keyboard, several with Shift, and then compared by what differs', async () => {
    const { user, call } = await open('#/train?run=mine');
    const [first] = await screen.findAllByRole('option');
    first?.focus();
    await user.keyboard('{Shift>}{ArrowDown}{/Shift}');
    expect(location.hash).toBe('#/train?run=mine&with=half');
    const table = await screen.findByRole('table', { name: 'What differs between the runs' });
    expect(await within(table).findByText('objective.eps')).toBeTruthy();
    expect(within(table).getByText('8/255')).toBeTruthy();
    expect(call).toHaveBeenCalledWith('runs.compare', { runs: ['mine', 'half'] }, expect.anything());
  });

  it('have their log read again after a pause that was too short to be seen, when their folder was written', async () => {
    const [mine] = rows;
    const times = async (updated: string) => {
      const list = [{ ...mine, run: 'mine', state: 'running', updated: 'at first' } as RunRow];
      const { stream, unmount } = await open('#/train?run=mine', {
        list,
        later: list.map((row) => ({ ...row, seed: 4, updated })),
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      unmount();
      return stream.mock.calls.filter(([name]) => name === 'runs.events').length;
    };
    expect(await times('at first')).toBe(1);
    expect(await times('later')).toBe(2);
  });

  it('say why one cannot be read', async () => {
    await open('#/train?run=bad');
    expect(await screen.findByText("'bad' is damaged.")).toBeTruthy();
  });

  it('are searched, and stand in a table that is sorted', async () => {
    const { user } = await open('#/train?table=1');
    const table = await screen.findByRole('grid', { name: 'Runs' });
    await user.type(screen.getByRole('searchbox', { name: 'Search runs' }), 'pgd');
    expect(within(table).getAllByRole('row')).toHaveLength(2);
    expect(within(table).getByText('half')).toBeTruthy();
  });

  it('are resumed where they stopped, and removed with an undo', async () => {
    const { user, call } = await open('#/train?run=half');
    await user.click(await screen.findByRole('button', { name: 'Resume' }));
    expect(call).toHaveBeenCalledWith('jobs.submit', { job: { kind: 'resume', run: 'half' } });
    await user.click(screen.getByRole('button', { name: 'More for half' }));
    await user.click(screen.getByRole('menuitem', { name: 'Remove' }));
    await waitFor(() => expect(toasts.list.at(-1)?.text).toBe('Removed half'));
    toasts.list.at(-1)?.action?.run();
    await waitFor(() => expect(call).toHaveBeenCalledWith('runs.restore', { trashed: 'half~1' }));
  });

  it('are paused and stopped by their job', async () => {
    const job: Job = {
      id: 'j',
      request: { kind: 'resume', run: 'half' },
      kind: 'resume',
      title: 'half',
      state: 'running',
      priority: 0,
      target: 'half',
      notes: ['A note.'],
      created: 0,
    };
    const list = rows.map((row) => (row.run === 'half' ? { ...row, state: 'running' as const } : row));
    const { user, call } = await open('#/train?run=half', { list, jobs: [job], changes: { 'jobs.pause': () => null } });
    await user.click(await screen.findByRole('button', { name: 'Pause' }));
    expect(call).toHaveBeenCalledWith('jobs.pause', { id: 'j' });
    expect(screen.getByText('A note.')).toBeTruthy();
  });
});

describe('a new run', () => {
  it('begins where there is none with three presets', async () => {
    const { user } = await open('#/train', { list: [] });
    expect(await screen.findByText('No run yet')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'All presets' }));
    expect(await within(screen.getByRole('dialog')).findByRole('button', { name: /Adversarial\./ })).toBeTruthy();
  });

  it('is a preset with what was changed, marked and undone, then queued as a job', async () => {
    const { user, call } = await open('#/train');
    await user.click(await screen.findByRole('button', { name: 'New run' }));
    const sheet = await screen.findByRole('dialog');
    await user.click(await within(sheet).findByRole('button', { name: /Low energy\./ }));
    expect(await within(sheet).findByText(/as the preset/)).toBeTruthy();
    const eps = within(sheet).getByRole('textbox', { name: /^Eps/ });
    await user.clear(eps);
    await user.type(eps, '8/255');
    await user.tab();
    expect(within(sheet).getByText(/one option changed/)).toBeTruthy();
    await user.click(within(sheet).getByRole('button', { name: 'Undo' }));
    expect(within(sheet).getByText(/as the preset/)).toBeTruthy();
    await user.click(within(sheet).getByRole('button', { name: 'Redo' }));
    await user.type(within(sheet).getByRole('textbox', { name: 'Name' }), 'fresh');
    const start = within(sheet).getByRole('button', { name: 'Start training' });
    await waitFor(() => expect((start as HTMLButtonElement).disabled).toBe(false));
    await user.click(start);
    expect(call).toHaveBeenCalledWith('jobs.submit', {
      job: {
        kind: 'train',
        preset: 'tiny/jeat',
        name: 'fresh',
        seed: 0,
        overrides: { 'objective.eps': String(8 / 255) },
      },
    });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('does not start with an option that is wrong, and says what is', async () => {
    const { user } = await open('#/train?preset=tiny%2Fjeat');
    const sheet = await screen.findByRole('dialog');
    const start = () => within(sheet).getByRole<HTMLButtonElement>('button', { name: 'Start training' }).disabled;
    const epochs = await within(sheet).findByRole('textbox', { name: /^Epochs/ });
    await user.clear(epochs);
    await user.type(epochs, '-1');
    expect(await within(sheet).findByText(/epochs is "-1"/i)).toBeTruthy();
    expect(start()).toBe(true);
    await user.clear(epochs);
    await user.type(epochs, '5');
    const batch = within(sheet).getByRole('textbox', { name: /^Batch/ });
    await user.clear(batch);
    await user.type(batch, '9');
    expect((await within(sheet).findAllByText('A batch of 9 is odd.')).length).toBeGreaterThan(0);
    expect(start()).toBe(true);
  });

  it('is like another one, or goes on from its checkpoint', async () => {
    const { user, call } = await open('#/train?run=mine');
    await user.click(await screen.findByRole('button', { name: 'More for mine' }));
    await user.click(await screen.findByRole('menuitem', { name: /New run from step 2 \(best\)/ }));
    const sheet = await screen.findByRole('dialog');
    expect(await within(sheet).findByText('the weights of mine at step 2')).toBeTruthy();
    const start = within(sheet).getByRole<HTMLButtonElement>('button', { name: 'Start training' });
    await waitFor(() => expect(start.disabled).toBe(false));
    await user.click(start);
    expect(call).toHaveBeenCalledWith('jobs.submit', {
      job: {
        kind: 'train',
        preset: 'tiny/jeat',
        name: '',
        seed: 3,
        overrides: { 'objective.eps': '0.25' },
        from: { run: 'mine', step: 2 },
      },
    });
  });

  it('keeps the form when it is refused', async () => {
    const refuse = () => {
      throw new AppError('ENGINE', 'There is no engine.');
    };
    const { user } = await open('#/train?preset=tiny%2Fjeat', { changes: { 'jobs.submit': refuse } });
    const start = await screen.findByRole<HTMLButtonElement>('button', { name: 'Start training' });
    await waitFor(() => expect(start.disabled).toBe(false));
    await user.click(start);
    await waitFor(() => expect(toasts.list.at(-1)?.text).toBe('There is no engine.'));
    expect(screen.getByRole('dialog')).toBeTruthy();
  });
});
