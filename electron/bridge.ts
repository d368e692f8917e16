/** What a page may ask of the shell, each call checked: files through dialogs, clipboard, drag, notices, progress. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { BrowserWindow, Notification, clipboard, dialog, ipcMain, nativeImage, shell } from 'electron';
import * as v from 'valibot';
import { writeAtomic } from '../core/lib/atomic';
import { AppError } from '../core/lib/errors';
import { type Answer, type Arguments, type CallName, calls } from './calls';
import { startDrag } from './drags';
import { fromUs } from './security';

/** The largest file that a page is given. */
const largest = 2 ** 28;

type Answers = { readonly [N in CallName]: (window: BrowserWindow, ...given: Arguments<N>) => unknown };

/** `lowland:<call>` for each; a call from another page or of another form is refused. */
export function answerBridge(own: Pick<Answers, 'setCommands' | 'ready'>): void {
  const answers: Answers = { ...general, ...own };
  for (const name of Object.keys(calls) as CallName[])
    ipcMain.handle(`lowland:${name}`, async (event, ...given: unknown[]): Promise<Answer> => {
      const window = BrowserWindow.fromWebContents(event.sender);
      if (!fromUs(event) || !window) return { problem: 'This page may not ask the shell.' };
      const parsed = v.safeParse(calls[name], given);
      if (!parsed.success) return { problem: `'${name}' was asked in another form: ${parsed.issues[0].message}` };
      try {
        return { value: await (answers[name] as (...all: unknown[]) => unknown)(window, ...parsed.output) };
      } catch (error) {
        return { problem: sentence(error) };
      }
    });
}

const sentence = (error: unknown): string =>
  error instanceof AppError && error.hint
    ? `${error.message} ${error.hint}`
    : error instanceof Error
      ? error.message
      : String(error);

const general: Omit<Answers, 'setCommands' | 'ready'> = {
  async save(window, name, content) {
    const ending = path.extname(name).slice(1);
    const { filePath } = await dialog.showSaveDialog(window, {
      defaultPath: name,
      filters: ending ? [{ name: ending.toUpperCase(), extensions: [ending] }] : [],
    });
    if (!filePath) return null;
    await writeAtomic(filePath, content);
    return filePath;
  },
  async open(window, { title, extensions, multiple }) {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title,
      properties: multiple ? ['openFile', 'multiSelections'] : ['openFile'],
      filters: extensions ? [{ name: extensions.join(', '), extensions }] : [],
    });
    return Promise.all(filePaths.map(readWhole));
  },
  copyImage(_window, png) {
    const picture = nativeImage.createFromBuffer(Buffer.from(png));
    if (picture.isEmpty()) throw new AppError('BAD_FILE', 'This is no picture that can be copied.');
    clipboard.writeImage(picture);
  },
  copyText: (_window, words) => clipboard.writeText(words),
  startDrag: (window, name, content) => startDrag(window.webContents, name, content),
  notify(window, title, body) {
    if (!Notification.isSupported()) return;
    const notice = new Notification({ title, body });
    notice.on('click', () => !window.isDestroyed() && window.show());
    notice.show();
  },
  setProgress: (window, fraction) => window.setProgressBar(fraction ?? -1),
  setBusy: () => undefined,
  async openFolder(_window, folder) {
    if (!(await stat(folder).catch(() => undefined))?.isDirectory())
      throw new AppError('NOT_FOUND', `'${folder}' is no folder any more.`);
    const problem = await shell.openPath(folder);
    if (problem) throw new AppError('FAILED', `'${folder}' could not be opened: ${problem}`);
  },
};

async function readWhole(file: string) {
  const { size } = await stat(file);
  if (size > largest)
    throw new AppError('BAD_FILE', `'${file}' has ${size} bytes; at most ${largest} are opened from here.`);
  return { name: path.basename(file), path: file, bytes: new Uint8Array(await readFile(file)) };
}
