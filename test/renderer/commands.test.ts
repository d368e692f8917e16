import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import Palette from '../../renderer/shell/Palette.svelte';
import Shortcuts from '../../renderer/shell/Shortcuts.svelte';
import { type Command, commands } from '../../renderer/state/commands.svelte';
import { caps } from '../../renderer/state/keys';
import { shell } from '../../renderer/state/shell.svelte';
import { mountWith } from '../../renderer/testing/mount';

const command = (id: string, title: string, rest: Partial<Command> = {}): Command => ({
  id,
  title,
  group: 'Test',
  run: vi.fn(),
  ...rest,
});

const train = command('train', 'Start training', { keys: 'Mod+Enter' });
const theme = command('theme', 'Switch the theme', { keys: 'd' });
const next = command('next', 'Next image', { keys: ['ArrowRight', 'j'], hidden: true });
const palette = command('palette', 'Find a command', { keys: 'Mod+K', inFields: true, hidden: true });
const never = command('never', 'Train on the moon', { keys: 'm', enabled: () => false });

let remove: () => void;
beforeEach(() => {
  vi.clearAllMocks();
  remove = commands.register([train, theme, next, palette, never]);
  addEventListener('keydown', commands.handle);
});
afterEach(() => {
  remove();
  removeEventListener('keydown', commands.handle);
  document.body.innerHTML = '';
  shell.palette = false;
  shell.shortcuts = false;
});

describe('keys', () => {
  it('run their command, and not one that is disabled', async () => {
    const user = userEvent.setup();
    await user.keyboard('dm{ArrowRight}j{Control>}{Enter}{/Control}');
    expect(theme.run).toHaveBeenCalledTimes(1);
    expect(next.run).toHaveBeenCalledTimes(2);
    expect(train.run).toHaveBeenCalledTimes(1);
    expect(never.run).not.toHaveBeenCalled();
  });

  it.each([
    ['<input aria-label="a" />', 'd{ArrowRight}', 0],
    ['<textarea aria-label="a"></textarea>', 'd', 0],
    ['<select aria-label="a"><option>a</option></select>', 'd', 0],
    ['<input type="range" aria-label="a" />', '{ArrowRight}', 0],
    ['<div role="grid" tabindex="0" aria-label="a"></div>', '{ArrowRight}', 0],
    ['<input type="range" aria-label="a" />', 'd', 1],
    ['<input type="checkbox" aria-label="a" />', 'd', 1],
    ['<button aria-label="a"></button>', 'd{ArrowRight}', 2],
  ])('in %s, %s runs %i commands', async (markup, keys, runs) => {
    document.body.innerHTML = markup;
    const user = userEvent.setup();
    screen.getByLabelText('a').focus();
    await user.keyboard(keys);
    expect([theme.run, next.run].flatMap((run) => vi.mocked(run).mock.calls)).toHaveLength(runs);
  });

  it('reach a command that works in fields', async () => {
    document.body.innerHTML = '<input aria-label="a" />';
    const user = userEvent.setup();
    await user.click(screen.getByRole('textbox'));
    await user.keyboard('{Control>}k{/Control}');
    expect(palette.run).toHaveBeenCalledTimes(1);
  });

  it('go to the latest of two commands, and back to the first when that is gone', async () => {
    const user = userEvent.setup();
    const over = command('over', 'Over', { keys: 'd' });
    const drop = commands.register([over]);
    await user.keyboard('d');
    drop();
    await user.keyboard('d');
    expect(over.run).toHaveBeenCalledTimes(1);
    expect(theme.run).toHaveBeenCalledTimes(1);
  });

  it('are printed as caps', () => {
    expect(caps('Mod+Shift+ArrowLeft')).toEqual(['Ctrl', '⇧', '←']);
    expect(caps('?')).toEqual(['?']);
  });
});

describe('Palette', () => {
  it('finds by letters, walks by arrows, runs by Enter, without a mouse', async () => {
    shell.palette = true;
    const { user } = mountWith(Palette, {});
    const input = screen.getByRole('combobox', { name: 'Find a command' });
    expect(document.activeElement).toBe(input);
    expect(screen.getAllByRole('option').map((option) => option.textContent)).not.toContain('Train on the moon');
    await user.keyboard('st');
    expect(screen.getAllByRole('option')[0]?.textContent).toContain('Start training');
    await user.keyboard('{ArrowDown}');
    const chosen = screen.getByRole('option', { selected: true });
    expect(input.getAttribute('aria-activedescendant')).toBe(chosen.id);
    expect(chosen.textContent).toContain('Switch the theme');
    await user.keyboard('{Enter}');
    expect(shell.palette).toBe(false);
    await vi.waitFor(() => expect(theme.run).toHaveBeenCalledTimes(1));
  });

  it('says when nothing fits, and closes on Escape', async () => {
    shell.palette = true;
    const { user } = mountWith(Palette, {});
    await user.keyboard('xyzzy');
    expect(screen.getByRole('status').textContent).toContain('xyzzy');
    await user.keyboard('{Enter}{Escape}');
    expect(shell.palette).toBe(false);
  });
});

describe('Shortcuts', () => {
  it('lists every key of the registry, hidden commands too', () => {
    shell.shortcuts = true;
    mountWith(Shortcuts, {});
    const sheet = within(screen.getByRole('dialog', { name: 'Shortcuts' }));
    expect(sheet.getByText('Next image')).toBeTruthy();
    expect(sheet.getByText('Start training').parentElement?.textContent).toContain('Ctrl');
  });
});
