/** What the shell offers besides the views: the queue of the last time, and the trash. */
import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import EmptyTrash from '../../renderer/shell/EmptyTrash.svelte';
import { leftText } from '../../renderer/shell/job';
import LeftJobs from '../../renderer/shell/LeftJobs.svelte';
import { commands } from '../../renderer/state/commands.svelte';
import { toasts } from '../../renderer/state/toasts.svelte';
import { mountWith } from '../../renderer/testing/mount';

const jobs = (n: number) => Array.from({ length: n }, (_, i) => ({ title: `Train jeat, seed ${i}` }));

describe('the queue of the last time', () => {
  it('is offered in a sentence, to be queued again or dismissed', async () => {
    const [onrequeue, ondismiss] = [vi.fn(), vi.fn()];
    const { user, rerender } = mountWith(LeftJobs, { jobs: jobs(1), onrequeue, ondismiss });
    expect(screen.getByRole('status').textContent).toContain('Train jeat, seed 0 was queued when Lowland ended.');
    await user.click(screen.getByRole('button', { name: 'Queue again' }));
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect([onrequeue, ondismiss].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    await rerender({ jobs: [] });
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('names two of many', () => {
    expect(leftText(jobs(2))).toBe('2 jobs were queued when Lowland ended: Train jeat, seed 0; Train jeat, seed 1.');
    expect(leftText(jobs(5))).toContain('Train jeat, seed 1; and 3 more.');
  });
});

describe('emptying the trash', () => {
  function show(items: number) {
    const call = vi.fn(async (_name: string) => ({ items, bytes: 5_000_000 }));
    const view = mountWith(EmptyTrash, { client: { call } as unknown as LowlandClient });
    commands.run('window.empty-trash');
    return { ...view, names: () => call.mock.calls.map(([name]) => name) };
  }

  it('says how much goes, and deletes it when told so', async () => {
    const { user, names } = show(3);
    const dialog = await screen.findByRole('dialog', { name: 'Empty the trash?' });
    expect(dialog.textContent).toMatch(/3 removed runs, evaluations and models \([\d.]+.MiB\) will be deleted/);
    expect(names()).toEqual(['trash.size']);
    await user.click(screen.getByRole('button', { name: 'Empty trash' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(names()).toEqual(['trash.size', 'trash.empty']);
    expect(toasts.list.at(-1)?.text).toContain('3 removed runs, evaluations and models deleted');
  });

  it('can be left, and asks nothing where it is empty', async () => {
    const { user, names } = show(1);
    await user.click(await screen.findByRole('button', { name: 'Keep it' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(names()).toEqual(['trash.size']);
  });

  it('says so where there is nothing in it', async () => {
    show(0);
    await waitFor(() => expect(toasts.list.at(-1)?.text).toBe('The trash is empty.'));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
