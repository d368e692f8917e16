import { flushSync } from 'svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { route } from '../../renderer/state/route.svelte';

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('route', () => {
  beforeEach(() => route.restore('#/datasets'));

  it('reads view and typed parameters from a deep link', () => {
    route.restore('#/datasets?dataset=cifar10&index=12&adversarial=1&models=a~b');
    const linked = route.link({ dataset: '', index: 0, adversarial: false, models: [] as string[], page: 3 });
    expect(route.view).toBe('datasets');
    expect({ ...linked }).toMatchObject({
      dataset: 'cifar10',
      index: 12,
      adversarial: true,
      models: ['a', 'b'],
      page: 3,
    });
  });

  it('reads a number that is none as the default', () => {
    route.restore('#/datasets?index=twelve');
    expect(route.link({ index: 7 }).index).toBe(7);
  });

  it('writes what differs from the defaults, in place', () => {
    const steps = history.length;
    const linked = route.link({ dataset: 'cifar10', index: 0 });
    linked.index = 3;
    linked.dataset = 'a b&c';
    expect(location.hash).toBe('#/datasets?index=3&dataset=a+b%26c');
    expect(linked.dataset).toBe('a b&c');
    linked.index = 0;
    expect(location.hash).toBe('#/datasets?dataset=a+b%26c');
    expect(history.length).toBe(steps);
  });

  it('is a rune: what reads it follows it', () => {
    const linked = route.link({ index: 0 });
    const seen: number[] = [];
    const stop = $effect.root(() => {
      $effect(() => void seen.push(linked.index));
    });
    flushSync();
    linked.index = 5;
    flushSync();
    stop();
    expect(seen).toEqual([0, 5]);
  });

  it('goes back and forward over pushed steps', async () => {
    const linked = route.link({ index: 0 });
    linked.set({ index: 1 }, { push: true });
    linked.set({ index: 2 }, { push: true });
    history.back();
    await settled();
    expect(linked.index).toBe(1);
    history.forward();
    await settled();
    expect(linked.index).toBe(2);
  });

  it('finds a view as it was left', () => {
    route.link({ index: 0 }).index = 9;
    route.open('energy', { dataset: 'moons' });
    expect(location.hash).toBe('#/energy?dataset=moons');
    route.open('datasets');
    expect(location.hash).toBe('#/datasets?index=9');
  });
});
