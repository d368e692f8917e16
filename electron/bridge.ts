/** What a page may ask of the shell, each call checked: files through dialogs, clipboard, drag, notices, progress. */
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BrowserWindow, Notification, clipboard, dialog, ipcMain, nativeImage, shell } from 'electron';
import * as v from 'valibot';
import { fromUs } from './security';

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
/** A file's name, never a path. */
const fileName = v.pipe(text(200), v.regex(/^[^/\\\0]+$/), v.notValue('.'), v.notValue('..'));
const bytes = v.instance(Uint8Array);
/** The largest file that a page is given. */
const largest = 2 ** 28;

const calls = {
  save: [v.tuple([fileName, bytes, text(100)]), save],
  open: [
    v.tuple([
      v.object({
        title: text(200),
        extensions: v.optional(v.array(v.pipe(v.string(), v.regex(/^\w{1,16}$/)))),
        multiple: v.optional(v.boolean()),
      }),
    ]),
    open,
  ],
  copyImage: [
    v.tuple([bytes]),
    async (_window: BrowserWindow, png: Uint8Array) =>
      clipboard.writeImage(nativeImage.createFromBuffer(Buffer.from(png))),
  ],
  copyText: [v.tuple([text(50_000_000)]), async (_window: BrowserWindow, words: string) => clipboard.writeText(words)],
  startDrag: [v.tuple([fileName, bytes]), startDrag],
  notify: [
    v.tuple([text(200), text(1000)]),
    async (_window: BrowserWindow, title: string, body: string) => {
      if (Notification.isSupported()) new Notification({ title, body }).show();
    },
  ],
  setProgress: [
    v.tuple([v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1)))]),
    async (window: BrowserWindow, fraction: number | null) => window.setProgressBar(fraction ?? -1),
  ],
  openFolder: [
    v.tuple([text(4096)]),
    async (_window: BrowserWindow, folder: string) => {
      if ((await stat(folder).catch(() => undefined))?.isDirectory()) await shell.openPath(folder);
    },
  ],
} as const;

/** `lowland:<call>` for each; a call from another page or of another form is refused. */
export function answerBridge(): void {
  for (const [name, [schema, answer]] of Object.entries(calls))
    ipcMain.handle(`lowland:${name}`, async (event, ...given: unknown[]) => {
      const window = BrowserWindow.fromWebContents(event.sender);
      if (!fromUs(event) || !window) throw new Error('This page may not ask the shell.');
      const parsed = v.safeParse(schema as v.GenericSchema<unknown, unknown[]>, given);
      if (!parsed.success) throw new Error(`'${name}' was asked in another form: ${parsed.issues[0].message}`);
      return (answer as (window: BrowserWindow, ...args: unknown[]) => Promise<unknown>)(window, ...parsed.output);
    });
}

async function save(window: BrowserWindow, name: string, content: Uint8Array): Promise<string | null> {
  const ending = path.extname(name).slice(1);
  const chosen = process.env.LOWLAND_TEST_SAVE_FOLDER
    ? { filePath: path.join(process.env.LOWLAND_TEST_SAVE_FOLDER, name) }
    : await dialog.showSaveDialog(window, {
        defaultPath: name,
        filters: ending ? [{ name: ending.toUpperCase(), extensions: [ending] }] : [],
      });
  if (!chosen.filePath) return null;
  await writeFile(chosen.filePath, content);
  return chosen.filePath;
}

interface OpenOptions {
  readonly title: string;
  readonly extensions?: string[] | undefined;
  readonly multiple?: boolean | undefined;
}

async function open(window: BrowserWindow, { title, extensions, multiple }: OpenOptions) {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title,
    properties: multiple ? ['openFile', 'multiSelections'] : ['openFile'],
    filters: extensions ? [{ name: extensions.join(', '), extensions }] : [],
  });
  return Promise.all(
    filePaths.map(async (file) => {
      const { size } = await stat(file);
      if (size > largest) throw new Error(`'${file}' has ${size} bytes; at most ${largest} are opened.`);
      return { name: path.basename(file), path: file, bytes: new Uint8Array(await readFile(file)) };
    }),
  );
}

/** A file that is dragged out has to be one. */
async function startDrag(window: BrowserWindow, name: string, content: Uint8Array): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-drag-'));
  const file = path.join(folder, name);
  await writeFile(file, content);
  const picture = nativeImage.createFromBuffer(Buffer.from(content));
  const icon = picture.isEmpty()
    ? nativeImage.createFromPath(path.join(__dirname, '../../assets/icons/icon-32.png'))
    : picture.resize({ width: 64 });
  window.webContents.startDrag({ file, icon });
}
