/** The native menu as data: complete, in order, with accelerators that Electron knows. */
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { type MenuCommand, accelerator, menuTemplate } from '../../electron/menu-template';

const command = (id: string, group: string, keys = ''): MenuCommand => ({ id, title: `Do ${id}`, group, keys });
const commands = [
  command('engine.best', 'Engine'),
  command('view.train', 'Views', '2'),
  command('window.palette', 'Window', 'Mod+K'),
  command('train.new', 'Train', 'N'),
  command('train.start', 'Train', 'Mod+Enter'),
  command('own.thing', 'Something new', 'Shift+D'),
];
const actions = () => ({
  run: vi.fn(),
  newWindow: vi.fn(),
  openProject: vi.fn(),
  showData: vi.fn(),
  openPaper: vi.fn(),
});

const children = ({ submenu }: MenuItemConstructorOptions): MenuItemConstructorOptions[] =>
  Array.isArray(submenu) ? submenu : [];
const all = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...all(children(item))]);
const press = (item: MenuItemConstructorOptions | undefined) => (item?.click as (() => void) | undefined)?.();

describe('accelerators', () => {
  it.each([
    ['Mod+K', 'CommandOrControl+K'],
    ['Mod+Shift+Z', 'CommandOrControl+Shift+Z'],
    ['Alt+ArrowLeft', 'Alt+Left'],
    ['Escape', 'Esc'],
    ['?', '?'],
    [']', ']'],
    ['1', '1'],
    ['Space', 'Space'],
    ['', undefined],
    ['Mod+Ω', undefined],
    ['Mod+Unknown', undefined],
  ])('%j is %j', (keys, shown) => expect(accelerator(keys)).toBe(shown));
});

describe.each([true, false])('the menu, on a Mac: %s', (mac) => {
  it('holds each command once, and runs it by its id', () => {
    const act = actions();
    const items = all(menuTemplate(commands, [], act, mac));
    for (const { id, title } of commands) {
      const found = items.filter((item) => item.id === id);
      expect(found.map(({ label }) => label)).toEqual([title]);
      press(found[0]);
      expect(act.run).toHaveBeenLastCalledWith(id);
    }
    expect(act.run).toHaveBeenCalledTimes(commands.length);
  });

  it('shows keys without taking them; on a Mac, which takes them, no plain key', () => {
    const items = all(menuTemplate(commands, [], actions(), mac));
    const keys = (id: string) => items.find((item) => item.id === id)?.accelerator;
    expect(keys('window.palette')).toBe('CommandOrControl+K');
    expect(keys('own.thing')).toBe('Shift+D');
    expect(keys('train.new')).toBe(mac ? undefined : 'N');
    for (const item of items.filter(({ id }) => id)) expect(item.registerAccelerator ?? false).toBe(false);
  });

  it('lets the last of several commands of one id stand, as the window does', () => {
    const twice = [...commands, { ...command('train.new', 'Train'), title: 'Newer' }];
    const items = all(menuTemplate(twice, [], actions(), mac));
    expect(items.filter(({ id }) => id === 'train.new').map(({ label }) => label)).toEqual(['Newer']);
  });

  it('has menus of different names, none of them empty', () => {
    const top = menuTemplate(commands, ['/data/a'], actions(), mac);
    const names = top.map(({ label, role }) => label ?? role);
    expect(new Set(names).size).toBe(names.length);
    for (const item of top.filter(({ label }) => label)) expect(children(item).length).toBeGreaterThan(0);
  });

  it('opens recent projects, and knows none on a first start', () => {
    const act = actions();
    const recent = (folders: string[]) =>
      all(menuTemplate([], folders, act, mac)).find(({ label }) => label === 'Recent projects');
    expect(recent([])?.enabled).toBe(false);
    const known = recent(['/data/a', '/data/b']);
    expect(children(known ?? {}).map(({ label }) => label)).toEqual(['/data/a', '/data/b']);
    press(children(known ?? {})[1]);
    expect(act.openProject).toHaveBeenCalledWith('/data/b');
  });
});
