import { screen, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import ErrorNotice from '../../renderer/shell/ErrorNotice.svelte';
import Rail from '../../renderer/shell/Rail.svelte';
import StatusBar from '../../renderer/shell/StatusBar.svelte';
import Tour from '../../renderer/shell/Tour.svelte';
import type { ShellJob } from '../../renderer/shell/job';
import { route } from '../../renderer/state/route.svelte';
import { settings } from '../../renderer/state/settings.svelte';
import { shell } from '../../renderer/state/shell.svelte';
import { mountWith } from '../../renderer/testing/mount';
import { views } from '../../renderer/views/registry';
import Play from '@lucide/svelte/icons/play';

const actions = { pause: vi.fn(), resume: vi.fn(), stop: vi.fn(), open: vi.fn(), dismiss: vi.fn() };
beforeEach(() => vi.clearAllMocks());

describe('Rail', () => {
  it('has the six views, each with a link and a key, and marks the one that is open', async () => {
    route.restore('#/datasets');
    const { user } = mountWith(Rail, {});
    const links = within(screen.getByRole('navigation', { name: 'Views' })).getAllByRole('link');
    expect(links.map((link) => link.textContent?.trim())).toEqual(views.map(({ title }) => title));
    expect(links.map((link) => link.getAttribute('aria-keyshortcuts'))).toEqual(['1', '2', '3', '4', '5', '6']);
    await user.click(screen.getByRole('link', { name: 'Energy' }));
    expect(location.hash).toBe('#/energy');
    expect(screen.getByRole('link', { current: 'page' }).textContent?.trim()).toBe('Energy');
  });
});

describe('StatusBar', () => {
  const running: ShellJob = {
    id: 'a',
    kind: 'train',
    title: 'Train jeat',
    state: 'running',
    progress: { task: 'training', done: 1240, total: 4000, unit: 'steps', rate: 4.1, secondsLeft: 180 },
  };

  it('says what runs, how far, how long, on what; pauses and stops it', async () => {
    const jobs: ShellJob[] = [running, { id: 'b', kind: 'train', title: 'Train at', state: 'queued' }];
    const { user } = mountWith(StatusBar, { jobs, actions, engine: 'tensorflow, bf16', connection: 'open' });
    const bar = screen.getByRole('contentinfo', { name: 'Status' });
    expect(bar.textContent).toContain('steps 1\u202f240 / 4\u202f000');
    expect(bar.textContent).toContain('4.1 steps/s · 3 min left');
    expect(bar.textContent).toContain('1 queued');
    expect(bar.textContent).toContain('tensorflow, bf16');
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('31');
    await user.click(screen.getByRole('button', { name: 'Pause Train jeat' }));
    await user.click(screen.getByRole('button', { name: 'Stop Train jeat' }));
    await user.click(screen.getByRole('button', { name: 'Train jeat' }));
    expect([actions.pause, actions.stop, actions.open].map((action) => action.mock.calls)).toEqual([
      [['a']],
      [['a']],
      [['a']],
    ]);
  });

  it('keeps a failed job until it is dismissed', async () => {
    const jobs: ShellJob[] = [
      { ...running, state: 'failed', problem: { code: 'DIVERGED', message: 'The loss became NaN.' } },
    ];
    const { user } = mountWith(StatusBar, { jobs, actions, connection: 'open' });
    expect(screen.getByText('failed: The loss became NaN.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(actions.dismiss).toHaveBeenCalledWith('a');
  });

  it.each([
    ['lost', undefined, 'Connection lost; trying again'],
    ['connecting', undefined, 'Connecting …'],
    ['open', 'The engine ended.', 'engine stopped'],
  ] as const)('says %s, %s', (connection, engineProblem, words) => {
    mountWith(StatusBar, { actions, connection, engineProblem });
    expect(screen.getByRole('status').textContent).toContain(words);
    expect(screen.getByText('Nothing is running')).toBeTruthy();
  });
});

describe('Tour', () => {
  it('opens a door, walks along the rail, and is remembered', async () => {
    settings.set('tour.done', false);
    shell.tour = true;
    mountWith(Rail, {});
    const run = vi.fn();
    const doors = [{ id: 'demo', title: 'Run the demo (3 min)', text: 'Trains.', icon: Play, run }];
    const { user } = mountWith(Tour, { doors });
    await user.click(screen.getByRole('button', { name: /Run the demo/ }));
    expect(run).toHaveBeenCalledTimes(1);
    for (const { title } of views) {
      expect(screen.getByRole('dialog', { name: title })).toBeTruthy();
      expect(screen.getByRole('link', { name: title }).classList).toContain('pointed-at');
      await user.keyboard('{Enter}');
    }
    expect([shell.tour, settings.get('tour.done', false)]).toEqual([false, true]);
  });

  it('can be skipped at once', async () => {
    shell.tour = true;
    const { user } = mountWith(Tour, { doors: [] });
    await user.click(screen.getByRole('button', { name: /Skip/ }));
    expect(shell.tour).toBe(false);
  });
});

describe('ErrorNotice', () => {
  it('shows sentence, hint, code and the one action', async () => {
    const run = vi.fn();
    const error = { code: 'NOT_FOUND', message: "'x' does not exist.", hint: 'Check the path.' };
    const { user } = mountWith(ErrorNotice, { error, action: { label: 'Choose another', run } });
    const notice = screen.getByRole('alert');
    for (const text of [error.message, error.hint, error.code]) expect(notice.textContent).toContain(text);
    await user.click(screen.getByRole('button', { name: 'Choose another' }));
    expect(run).toHaveBeenCalledTimes(1);
  });
});
