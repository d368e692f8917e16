/** What a page may not do: ask for permissions, go elsewhere, open windows, or speak for another page. */
import { type IpcMainEvent, type IpcMainInvokeEvent, type Session, type WebContents, app, shell } from 'electron';
import { origin } from './protocol';

/** Pages that a link may open in the user's browser. */
const outside = ['https://arxiv.org/', 'https://www.cs.toronto.edu/', 'https://github.com/'];
export const mayOpenOutside = (address: string): boolean => outside.some((start) => address.startsWith(start));

/** Whether a page of ours is at this address. */
export const isOurs = (address: string): boolean => address.startsWith(`${origin}/`);

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === 'clipboard-sanitized-write'),
  );
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  session.setDevicePermissionHandler(() => false);
}

export function keepAtHome(contents: WebContents): void {
  contents.on('will-navigate', (event, address) => {
    if (!isOurs(address)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** Every page that is ever made, by whomever. */
export const keepAllAtHome = (): void =>
  void app.on('web-contents-created', (_event, contents) => keepAtHome(contents));

/** Whether a message came from the main frame of a page of ours. */
export const fromUs = ({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean =>
  senderFrame !== null && isOurs(senderFrame.url) && senderFrame.parent === null;
