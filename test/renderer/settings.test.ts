import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { layout } from '../../renderer/state/layout.svelte';
import { localBackend, settings } from '../../renderer/state/settings.svelte';
import { theme } from '../../renderer/state/theme.svelte';
import { darkScheme } from '../../renderer/testing/setup';

describe('settings', () => {
  it('gives the fallback for what is absent, of another kind, or refused', () => {
    expect(settings.get('absent', 3)).toBe(3);
    settings.set('kind', 'text');
    expect(settings.get('kind', 3)).toBe(3);
    settings.set('number', -1);
    expect(settings.get('number', 3, (value) => Number(value) > 0)).toBe(3);
    expect(settings.get('number', 3)).toBe(-1);
  });

  it('stays in the browser and writes to the backend that is plugged in', async () => {
    settings.set('before', 1);
    const write = vi.fn();
    await settings.use({ read: () => Promise.resolve({ there: [1, 2] }), write });
    expect(settings.settled).toBe(true);
    expect(settings.get('there', [0])).toEqual([1, 2]);
    expect(settings.get('before', 0)).toBe(1);
    settings.set('after', { a: 1 });
    settings.set('after', { a: 1 });
    expect(write.mock.calls).toEqual([['after', { a: 1 }]]);
    expect(await localBackend.read()).toMatchObject({ after: { a: 1 } });
  });

  it('survives storage that holds junk or refuses', () => {
    localStorage.setItem('lowland.settings', '[1');
    expect(localBackend.read()).toEqual({});
    const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(() => settings.set('a', 1)).not.toThrow();
    full.mockRestore();
  });

  it('remembers sizes and folds', () => {
    expect(layout.size('x', 300)).toBe(300);
    layout.setSize('x', 212.4);
    layout.fold('x', true);
    expect([layout.size('x', 300), layout.isFolded('x')]).toEqual([212, true]);
  });
});

describe('theme', () => {
  const shown = () => {
    flushSync();
    return document.documentElement.dataset.theme;
  };

  it('follows the system until one is chosen, and follows again', () => {
    expect(shown()).toBe('light');
    darkScheme.become(true);
    expect([shown(), theme.choice]).toEqual(['dark', 'system']);
    theme.toggle();
    expect([shown(), theme.choice]).toEqual(['light', 'light']);
    darkScheme.become(false);
    darkScheme.become(true);
    expect(shown()).toBe('light');
    theme.toggle();
    expect([shown(), theme.choice]).toEqual(['dark', 'system']);
    darkScheme.become(false);
    expect(shown()).toBe('light');
  });

  it('takes junk that was stored for the system', () => {
    settings.set('theme', 'purple');
    expect(theme.choice).toBe('system');
  });
});
