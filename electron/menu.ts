/** The native menu: every command of the window by its group, with its keys, and what an application has besides. */
import { type BrowserWindow, Menu, type MenuItemConstructorOptions, app } from 'electron';
import * as v from 'valibot';

export const commandsSchema = v.pipe(
  v.array(
    v.strictObject({
      id: v.pipe(v.string(), v.maxLength(100)),
      title: v.pipe(v.string(), v.maxLength(200)),
      group: v.pipe(v.string(), v.maxLength(100)),
      keys: v.pipe(v.string(), v.maxLength(50)),
    }),
  ),
  v.maxLength(500),
);
export type MenuCommand = v.InferOutput<typeof commandsSchema>[number];

const names: Readonly<Record<string, string>> = {
  Mod: 'CommandOrControl',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Escape: 'Esc',
};
/** 'Mod+Shift+ArrowLeft' -> 'CommandOrControl+Shift+Left'; undefined for keys that a menu cannot show. */
export function accelerator(keys: string): string | undefined {
  if (keys === '') return undefined;
  const parts = keys.split('+').map((part) => names[part] ?? part);
  const last = parts.at(-1) ?? '';
  return /^([A-Za-z0-9?,.=-]|F\d+|Left|Right|Up|Down|Esc|Enter|Space|Home|End|PageUp|PageDown|Delete|Tab)$/.test(last)
    ? parts.join('+')
    : undefined;
}

/** Groups become menus, in the order in which they come. Keys are shown, not taken: the window knows when a field needs them. */
export function menuTemplate(
  commands: readonly MenuCommand[],
  run: (id: string) => void,
  recent: readonly string[],
  openRecent: (folder: string) => void,
  mac = process.platform === 'darwin',
): MenuItemConstructorOptions[] {
  const groups = [...new Set(commands.map(({ group }) => group))];
  const menus = groups.map((group): MenuItemConstructorOptions => ({
    label: group,
    submenu: commands
      .filter((command) => command.group === group)
      .map(({ id, title, keys }) => {
        const shown = accelerator(keys);
        // macOS takes what it shows, so plain keys are left out there
        const useful = shown !== undefined && (!mac || /\+/.test(shown));
        return {
          id,
          label: title,
          click: () => run(id),
          ...(useful ? { accelerator: shown, registerAccelerator: false } : {}),
        };
      }),
  }));
  return [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    {
      label: 'File',
      submenu: [
        {
          label: 'Recent projects',
          enabled: recent.length > 0,
          submenu: recent.map((folder) => ({ label: folder, click: () => openRecent(folder) })),
        },
        { label: 'Open project…', click: () => run('app.open-project') },
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    ...menus,
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
  ];
}

export function showMenu(
  window: BrowserWindow,
  commands: readonly MenuCommand[],
  projects: { readonly recent: readonly string[]; open(folder?: string): void },
): void {
  const run = (id: string) => {
    if (id === 'app.open-project') projects.open();
    else if (!window.isDestroyed()) window.webContents.send('lowland-menu', id);
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(commands, run, projects.recent, (folder) => projects.open(folder))),
  );
  app.clearRecentDocuments();
}
