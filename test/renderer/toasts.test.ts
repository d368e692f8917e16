import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../core/lib/errors';
import Toasts from '../../renderer/shell/Toasts.svelte';
import { toasts } from '../../renderer/state/toasts.svelte';
import { mountWith } from '../../renderer/testing/mount';

afterEach(() => {
  vi.useRealTimers();
  for (const { id } of toasts.list) toasts.dismiss(id);
});

describe('toasts', () => {
  it('offer to undo what was done, once', async () => {
    const { user } = mountWith(Toasts, {});
    const undo = vi.fn();
    toasts.undo('Run deleted', undo);
    expect((await screen.findByRole('list', { name: 'Notices' })).getAttribute('aria-live')).toBe('polite');
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(undo).toHaveBeenCalledTimes(1);
    expect(screen.queryByText('Run deleted')).toBeNull();
  });

  it('say an error in its own words and stay; a cancelled one says nothing', async () => {
    mountWith(Toasts, {});
    toasts.error(new AppError('CANCELLED', 'Cancelled.'));
    toasts.error(new AppError('BAD_FILE', "'a.txt' is not an image.", 'Drop PNG or JPEG files.'));
    toasts.error(new Error('boom'));
    await tick();
    expect(screen.getByText("'a.txt' is not an image.")).toBeTruthy();
    expect(screen.getByText('Drop PNG or JPEG files.')).toBeTruthy();
    expect(toasts.list.map(({ seconds }) => seconds)).toEqual([0, 0]);
  });

  it('go by themselves, but not while the pointer is on them', async () => {
    vi.useFakeTimers();
    mountWith(Toasts, {});
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime.bind(vi) });
    toasts.show({ text: 'Copied', seconds: 2 });
    await tick();
    await user.hover(screen.getByText('Copied'));
    vi.advanceTimersByTime(5000);
    expect(toasts.list).toHaveLength(1);
    await user.unhover(screen.getByText('Copied'));
    await tick();
    vi.advanceTimersByTime(2001);
    expect(toasts.list).toHaveLength(0);
  });
});
