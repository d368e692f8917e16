/** The trash: how much is in it, emptying it, and what goes by itself after thirty days. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyTrash, trashSize } from '../../core/host/library/trash';

let folder: string;
const at = (...parts: string[]) => path.join(folder, 'trash', ...parts);
async function put(bytes: number, ...parts: string[]) {
  await mkdir(path.dirname(at(...parts)), { recursive: true });
  await writeFile(at(...parts), new Uint8Array(bytes));
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-trash-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fill() {
  await put(100, 'jeat-1~1000', 'run.json');
  await put(900, 'jeat-1~1000', 'checkpoints', 'a.safetensors');
  await put(50, 'evaluations', 'jeat-pgd~2000', 'manifest.json');
  await put(4000, 'models', 'own~jeat~3000.safetensors');
  await put(7, 'models', 'own~jeat~3000.json');
  await put(5, 'notes.txt');
}

it('counts runs, evaluations and models with all their files', async () => {
  expect(await trashSize(folder)).toEqual({ items: 0, bytes: 0 });
  await fill();
  expect(await trashSize(folder)).toEqual({ items: 3, bytes: 5057 });
});

it('deletes what was removed before a time, and leaves what is newer', async () => {
  await fill();
  expect(await emptyTrash(folder, 2500)).toEqual({ items: 2, bytes: 1050 });
  expect(await readdir(at('models'))).toEqual(['own~jeat~3000.json', 'own~jeat~3000.safetensors']);
  expect(await readdir(at('evaluations'))).toEqual([]);
});

it('deletes all of it, but nothing that it did not put there', async () => {
  await fill();
  expect(await emptyTrash(folder)).toEqual({ items: 3, bytes: 5057 });
  expect(await readdir(at())).toEqual(['evaluations', 'models', 'notes.txt']);
  expect(await trashSize(folder)).toEqual({ items: 0, bytes: 0 });
});
