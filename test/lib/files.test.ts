import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inside, writeAtomic } from '../../core/lib/atomic';
import { fileError } from '../../core/lib/errors';
import { bytesField, doubleField, integerField, message } from '../../core/lib/protobuf';
import { assetsFolder, dataFolder, lowlandVersion } from '../../core/lib/paths';

let root: string;
beforeEach(async () => (root = await mkdtemp(path.join(os.tmpdir(), 'lowland-files-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

test('a file is replaced whole, in folders made as needed, with nothing left beside it', async () => {
  const target = path.join(root, 'a/b/c.txt');
  await writeAtomic(target, 'one');
  await writeAtomic(target, Uint8Array.of(116, 119, 111));
  expect(await readFile(target, 'utf8')).toBe('two');
  expect(await readdir(path.dirname(target))).toEqual(['c.txt']);
});

test('a target that is a folder is refused and left alone', async () => {
  await mkdir(path.join(root, 'folder/inner'), { recursive: true });
  await expect(writeAtomic(path.join(root, 'folder'), 'x')).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
  expect(await readdir(root)).toEqual(['folder']);
});

test('a folder below a file is refused', async () => {
  await writeFile(path.join(root, 'file'), '');
  await expect(writeAtomic(path.join(root, 'file/x'), 'x')).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
});

test.each(['../x', '/x', '', '.', 'a/../../x', 'a/..'])('%j is no name inside a folder', (name) =>
  expect(() => inside(root, name)).toThrow(expect.objectContaining({ code: 'USAGE' })),
);
test.each(['x', 'a/x', '..x', 'a/../x'])('%j is inside', (name) =>
  expect(inside(root, name).startsWith(root + path.sep)).toBe(true),
);

test.each([
  ['ENOENT', 'NOT_FOUND', 3],
  ['ENOSPC', 'DISK_FULL', 1],
  ['EDQUOT', 'DISK_FULL', 1],
  ['EACCES', 'NOT_WRITABLE', 3],
  ['EROFS', 'NOT_WRITABLE', 3],
  ['EISDIR', 'NOT_WRITABLE', 3],
  ['EIO', 'FAILED', 1],
])('%s is %s, exit %d, and names the path', (system, code, exitCode) => {
  const error = fileError(Object.assign(new Error('x'), { code: system }), '/a/path', 'write');
  expect(error).toMatchObject({ code, exitCode, message: expect.stringContaining('/a/path') });
});

test('the data folder is the one asked for, else LOWLAND_DATA', () => {
  expect(dataFolder('/x')).toBe(path.resolve('/x'));
  const before = process.env.LOWLAND_DATA;
  process.env.LOWLAND_DATA = '/y';
  expect(dataFolder()).toBe(path.resolve('/y'));
  if (before === undefined) delete process.env.LOWLAND_DATA;
  else process.env.LOWLAND_DATA = before;
});

test('the package knows itself', () => {
  expect(lowlandVersion()).toMatch(/^\d+\.\d+\.\d+$/);
  expect(path.basename(assetsFolder)).toBe('assets');
});

test.each([
  ['150 as field 1 (the encoding guide)', integerField(1, 150), '089601'],
  ["'testing' as field 2 (the encoding guide)", bytesField(2, 'testing'), '120774657374696e67'],
  ['2^40 as field 2', integerField(2, 2 ** 40), '10808080808020'],
  ['1.0 as field 1', doubleField(1, 1), '09000000000000f03f'],
  ['a message in field 3 (the encoding guide)', bytesField(3, message(integerField(1, 150))), '1a03089601'],
])('protobuf: %s', (_, bytes, hex) => expect(Buffer.from(bytes).toString('hex')).toBe(hex));
