/** Each window tells its commands, which change with its view; the menu shows those of the window in front. */
import { BrowserWindow, Menu, app } from 'electron';
import { type Actions, type MenuCommand, menuTemplate } from './menu-template';

export class Menus {
  readonly #commands = new WeakMap<BrowserWindow, readonly MenuCommand[]>();

  constructor(
    private readonly recent: () => readonly string[],
    private readonly actions: Omit<Actions, 'run'>,
  ) {
    app.on('browser-window-focus', (_event, window) => this.#show(window));
  }

  set(window: BrowserWindow, commands: readonly MenuCommand[]): void {
    this.#commands.set(window, commands);
    const front = BrowserWindow.getFocusedWindow();
    if (front === null || front === window) this.#show(window);
  }

  #show(window: BrowserWindow): void {
    const run = (id: string) => {
      if (!window.isDestroyed()) window.webContents.send('lowland-menu', id);
    };
    const template = menuTemplate(this.#commands.get(window) ?? [], this.recent(), { ...this.actions, run });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}
