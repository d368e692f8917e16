/** The platform in a plain browser: download links, file inputs, the clipboard, web notifications. */
import type { OpenedFile, Platform } from './platform';

const blobOf = (bytes: Uint8Array, type: string) => new Blob([new Uint8Array(bytes)], { type });

function download(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function choose(accept: string, multiple: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.multiple = multiple;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

const opened = async (file: File): Promise<OpenedFile> => ({
  name: file.name,
  bytes: new Uint8Array(await file.arrayBuffer()),
});

const ask = (event: BeforeUnloadEvent) => event.preventDefault();
let title: string | undefined;

export const browserPlatform: Platform = {
  kind: 'browser',
  async save(name, bytes, type) {
    download(name, blobOf(bytes, type));
    return name;
  },
  async open({ extensions = [], multiple = false }) {
    const files = await choose(extensions.map((extension) => `.${extension}`).join(','), multiple);
    return Promise.all(files.map(opened));
  },
  async copyImage(png) {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blobOf(png, 'image/png') })]);
  },
  async copyText(text) {
    await navigator.clipboard.writeText(text);
  },
  async notify(heading, body) {
    if (!document.hidden || !('Notification' in window)) return;
    if (Notification.permission === 'default') await Notification.requestPermission();
    if (Notification.permission === 'granted') new Notification(heading, { body });
  },
  async setProgress(fraction) {
    title ??= document.title;
    const next = fraction === null ? title : `${Math.round(fraction * 100)} % · ${title}`;
    // the browser draws its own window anew at every setting, of the same text too
    if (document.title !== next) document.title = next;
  },
  async setBusy(busy) {
    if (busy) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  },
};
