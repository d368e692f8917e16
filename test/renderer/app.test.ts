import { screen } from '@testing-library/svelte';
import Database from '@lucide/svelte/icons/database';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../renderer/App.svelte';
import { layout } from '../../renderer/state/layout.svelte';
import { route } from '../../renderer/state/route.svelte';
import { settings } from '../../renderer/state/settings.svelte';
import { shell } from '../../renderer/state/shell.svelte';
import { mountWith } from '../../renderer/testing/mount';

vi.mock('../../renderer/views/registry', () => {
  const view = (id: string, key: string, load: () => Promise<unknown>) => ({
    ...{ id, key, load, title: id, summary: id, icon: Database },
  });
  let tries = 0;
  return {
    views: [
      view('datasets', '1', () => import('./fixtures/PlainView.svelte')),
      view('train', '2', () => import('./fixtures/BrokenView.svelte')),
      view('energy', '3', () =>
        tries++ ? import('./fixtures/PlainView.svelte') : Promise.reject(new Error('offline')),
      ),
    ],
  };
});

beforeEach(() => {
  settings.set('tour.done', true);
  settings.set('route.last', '#/datasets');
  shell.tour = false;
  route.restore('');
});

describe('App', () => {
  it('opens the view it was left at, and the frame around it', async () => {
    mountWith(App, { connection: 'lost' });
    expect(await screen.findByText('Surface')).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('Plain');
    expect(screen.getByRole('complementary', { name: 'Inspector' })).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Timeline' })).toBeTruthy();
    expect(document.title).toBe('Plain › one › two – Lowland');
  });

  it('keeps a deep link, and remembers it', async () => {
    route.restore('#/datasets?index=3');
    mountWith(App, { connection: 'lost' });
    await screen.findByText('Surface');
    expect(location.hash).toBe('#/datasets?index=3');
    expect(settings.get('route.last', '')).toBe('#/datasets?index=3');
  });

  it('shows the first page once, when it is known to be the first time', async () => {
    settings.set('tour.done', false);
    const { rerender, user } = mountWith(App, { connection: 'connecting' });
    await screen.findByText('Surface');
    expect(screen.queryByRole('dialog')).toBeNull();
    await rerender({ connection: 'lost' });
    expect(await screen.findByRole('button', { name: /Run the demo \(3 min\)/ })).toBeTruthy();
    expect(screen.getByRole('button', { name: /Open CIFAR-10/ })).toBeTruthy();
    expect(screen.getByRole('button', { name: /Play in two dimensions/ })).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(settings.get('tour.done', false)).toBe(true);
  });

  it('goes by keys; folds the inspector; opens palette and shortcuts', async () => {
    const { user } = mountWith(App, { connection: 'lost' });
    await screen.findByText('Surface');
    await user.keyboard(']');
    expect(layout.isFolded('datasets.inspector')).toBe(true);
    await user.keyboard(']{Control>}k{/Control}');
    expect(await screen.findByRole('dialog', { name: 'Command palette' })).toBeTruthy();
    await user.keyboard('{Escape}?');
    expect(await screen.findByRole('dialog', { name: 'Shortcuts' })).toBeTruthy();
    await user.keyboard('2');
    expect(route.view).toBe('datasets');
    await user.keyboard('{Escape}2');
    expect(route.view).toBe('train');
  });

  it('says when a view breaks, and opens it again', async () => {
    const { user } = mountWith(App, { connection: 'lost' });
    await screen.findByText('Surface');
    route.open('train');
    expect((await screen.findByRole('alert')).textContent).toContain('The view broke.');
    route.link({ broken: true }).broken = false;
    await user.click(screen.getByRole('button', { name: 'Open the view again' }));
    expect(await screen.findByText('Mended')).toBeTruthy();
  });

  it('says when a view does not load, and tries again', async () => {
    const { user } = mountWith(App, { connection: 'lost' });
    await screen.findByText('Surface');
    route.open('energy');
    expect((await screen.findByRole('alert')).textContent).toContain('offline');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Surface')).toBeTruthy();
  });
});
