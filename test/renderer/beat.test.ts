/** When growing things are shown: at once while somebody works with the window, else seldom and together. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Beat } from '../../renderer/state/beat';
import { Followed } from '../../renderer/state/follow.svelte';

describe('a window', () => {
  let beat: Beat;
  let shown: string[];
  const grow = (owner: object, text: string) => beat.change(owner, () => shown.push(text));
  const [log, jobs] = [{}, {}];

  beforeEach(() => {
    vi.useFakeTimers();
    beat = new Beat(() => Date.now());
    shown = [];
  });
  afterEach(() => void vi.useRealTimers());

  it('that is worked with shows everything at once', () => {
    grow(log, 'a');
    grow(log, 'b');
    vi.advanceTimersByTime(14_000);
    grow(jobs, 'c');
    expect(shown).toEqual(['a', 'b', 'c']);
  });

  it('that nobody touches shows the newest of each together, every three seconds', () => {
    vi.advanceTimersByTime(20_000);
    grow(log, '20 s');
    expect(shown).toEqual(['20 s']);
    for (const at of ['21 s', '22 s']) {
      vi.advanceTimersByTime(1000);
      grow(jobs, `jobs at ${at}`);
      grow(log, `log at ${at}`);
    }
    expect(shown).toEqual(['20 s']);
    vi.advanceTimersByTime(1000);
    expect(shown).toEqual(['20 s', 'jobs at 22 s', 'log at 22 s']);
    vi.advanceTimersByTime(60_000);
    expect(shown.length).toBe(3);
  });

  it('that is touched shows what waits, and goes on at once', () => {
    vi.advanceTimersByTime(20_000);
    grow(log, 'a');
    grow(log, 'b');
    expect(beat.attended).toBe(false);
    beat.touch();
    expect(beat.attended).toBe(true);
    expect(shown).toEqual(['a', 'b']);
    grow(log, 'c');
    expect(shown).toEqual(['a', 'b', 'c']);
  });

  it('does not show what was given up', () => {
    vi.advanceTimersByTime(20_000);
    grow(log, 'a');
    grow(log, 'b');
    beat.forget(log);
    vi.advanceTimersByTime(10_000);
    expect(shown).toEqual(['a']);
  });
});

describe('a followed list', () => {
  it('shows at once what is more than growth, with nothing older after it', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    const { beat } = await import('../../renderer/state/beat');
    const ahead = () => vi.advanceTimersByTimeAsync(0);
    let tell = (_value: readonly [string, number]): void => undefined;
    const told = async function* () {
      for (;;) yield await new Promise<readonly [string, number]>((resolve) => (tell = resolve));
    };
    const list = new Followed<readonly [state: string, done: number]>(([state]) => state);
    const end = new AbortController();
    void list.run(told, end.signal);
    beat.touch();
    const say = async (state: string, done: number) => {
      await ahead();
      tell([state, done]);
      await ahead();
      return list.value;
    };
    expect(await say('running', 1)).toEqual(['running', 1]);
    vi.advanceTimersByTime(20_000);
    expect(await say('running', 2)).toEqual(['running', 2]);
    expect(await say('running', 3)).toEqual(['running', 2]);
    expect(await say('done', 4)).toEqual(['done', 4]);
    vi.advanceTimersByTime(10_000);
    expect(list.value).toEqual(['done', 4]);
    end.abort();
    vi.useRealTimers();
  });
});
