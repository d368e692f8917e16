/** What a page may not do: ask for permissions, go elsewhere, open windows, or speak for another page. */
import { type IpcMainEvent, type IpcMainInvokeEvent, type Session, type WebContents, app, shell } from 'electron';
import { isOurs, mayOpenOutside } from './addresses';

/** All but writing to the clipboard is denied. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === 'clipboard-sanitized-write'),
  );
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  session.setDevicePermissionHandler(() => false);
}

function keepAtHome(contents: WebContents): void {
  for (const event of ['will-navigate', 'will-redirect'] as const)
    contents.on(event as 'will-navigate', (leaving, address) => {
      if (!isOurs(address)) leaving.preventDefault();
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
export const fromUs = ({ senderFrame }: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>): boolean =>
  senderFrame !== null && isOurs(senderFrame.url) && senderFrame.parent === null;
