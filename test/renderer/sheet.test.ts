import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import Dialog from '../../renderer/components/Dialog.svelte';
import Menu from '../../renderer/components/Menu.svelte';
import Sheet from '../../renderer/components/Sheet.svelte';
import { html, mountWith } from '../../renderer/testing/mount';

describe.each([
  ['Sheet', Sheet],
  ['Dialog', Dialog],
])('%s', (_, component) => {
  it('takes the focus to its first field and gives it back when Escape closes it', async () => {
    document.body.innerHTML = '<button>Open</button>';
    screen.getByRole('button', { name: 'Open' }).focus();
    const onclose = vi.fn();
    const { user } = mountWith(component, {
      open: true,
      title: 'New run',
      children: html('<input aria-label="Name" />'),
      onclose,
    });
    expect(screen.getByRole('dialog', { name: 'New run' })).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Name' }));
    await user.keyboard('{Escape}');
    expect(onclose).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Open' }));
  });

  it('closes by its button', async () => {
    const { user } = mountWith(component, { open: true, title: 'New run', children: html('<p>Text</p>') });
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('Menu', () => {
  it('opens by keyboard, walks past what is disabled, runs and gives the focus back', async () => {
    const run = vi.fn();
    const items = [
      { label: 'Rename', run: vi.fn() },
      { label: 'Archive', disabled: true, run: vi.fn() },
      { label: 'Delete', run },
    ];
    mountWith(Menu, { label: 'More', items });
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement?.textContent).toContain('Rename');
    await user.keyboard('{ArrowDown}{Enter}');
    expect(run).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: /More/ }));
  });
});
