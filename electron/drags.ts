/** Dragging out of a window: what is dragged has to be a file, so one is made, and taken away when the application ends. */
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type WebContents, app, nativeImage } from 'electron';

const folders: string[] = [];

export async function startDrag(contents: WebContents, name: string, content: Uint8Array): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-drag-'));
  if (folders.push(folder) === 1) app.once('will-quit', forget);
  const file = path.join(folder, name);
  await writeFile(file, content);
  const picture = nativeImage.createFromBuffer(Buffer.from(content));
  const icon = picture.isEmpty()
    ? nativeImage.createFromPath(path.join(__dirname, '../../assets/icons/32x32.png'))
    : picture.resize({ width: 64 });
  contents.startDrag({ file, icon });
}

function forget(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
