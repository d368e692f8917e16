/** The native menu as data: every command of a window by its group, with its keys, and what an application has besides. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Arguments } from './calls';

export type MenuCommand = Arguments<'setCommands'>[0][number];

/** What the application itself does. */
export interface Actions {
  run(id: string): void;
  newWindow(): void;
  /** Without a folder: one that the user chooses. */
  openProject(folder?: string): void;
  showData(): void;
  openPaper(): void;
}

const names: Readonly<Record<string, string>> = {
  Mod: 'CommandOrControl',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Escape: 'Esc',
};
const known = /^([!-~]|F\d+|Left|Right|Up|Down|Esc|Enter|Space|Home|End|PageUp|PageDown|Delete|Backspace|Tab)$/;

/** 'Mod+Shift+ArrowLeft' -> 'CommandOrControl+Shift+Left'; undefined for keys that a menu cannot show. */
export function accelerator(keys: string): string | undefined {
  const parts = keys.split('+').map((part) => names[part] ?? part);
  return known.test(parts.at(-1) ?? '') ? parts.join('+') : undefined;
}

/**
 * Views to go to, then the menus of the views themselves, in the order in which they come; what the window does stands under View. Keys are
 * shown, not taken: the window knows when a field needs them. macOS takes what it shows, so plain keys are left out there.
 */
export function menuTemplate(
  commands: readonly MenuCommand[],
  recent: readonly string[],
  act: Actions,
  mac = process.platform === 'darwin',
): MenuItemConstructorOptions[] {
  const item = ({ id, title, keys }: MenuCommand): MenuItemConstructorOptions => {
    const shown = accelerator(keys);
    const useful = shown !== undefined && (!mac || /.\+/.test(shown));
    return {
      id,
      label: title,
      click: () => act.run(id),
      ...(useful ? { accelerator: shown, registerAccelerator: false } : {}),
    };
  };
  const last = new Map(commands.map((command) => [command.id, command]));
  const of = (group: string) => [...last.values()].filter((command) => command.group === group).map(item);
  const own = [...new Set(commands.map(({ group }) => group))].filter((group) => !shared.has(group));
  const menu = (label: string, submenu: MenuItemConstructorOptions[]) =>
    submenu.length > 0 ? [{ label, submenu }] : [];
  return [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    { label: 'File', submenu: file(recent, act, mac) },
    { role: 'editMenu' },
    { label: 'View', submenu: [...of('Window'), { type: 'separator' }, ...zoom] },
    ...menu('Go', of('Views')),
    ...own.flatMap((group) => menu(group, of(group))),
    ...menu('Engine', of('Engine')),
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'The paper', click: () => act.openPaper() },
        ...(mac ? [] : [{ type: 'separator' as const }, { role: 'about' as const }]),
      ],
    },
  ];
}

/** Groups that every view has. */
const shared = new Set(['Window', 'Views', 'Engine']);

const zoom: MenuItemConstructorOptions[] = [
  { role: 'reload' },
  { role: 'zoomIn' },
  { role: 'zoomOut' },
  { role: 'resetZoom' },
  { role: 'togglefullscreen' },
  { role: 'toggleDevTools' },
];

const file = (recent: readonly string[], act: Actions, mac: boolean): MenuItemConstructorOptions[] => [
  { label: 'New window', accelerator: 'CommandOrControl+Shift+N', click: () => act.newWindow() },
  { label: 'Open project…', accelerator: 'CommandOrControl+O', click: () => act.openProject() },
  {
    label: 'Recent projects',
    enabled: recent.length > 0,
    submenu: recent.map((folder) => ({ label: folder, click: () => act.openProject(folder) })),
  },
  { label: 'Show the data folder', click: () => act.showData() },
  { type: 'separator' },
  { role: 'close' },
  ...(mac ? [] : [{ role: 'quit' as const }]),
];
