/** Getting Inception's weights: from a server, from a file, and what is not them. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../../core/lib/progress';
import { inceptionFile, openInception, storeInception } from '../../core/models/inception/store';
import { fixture } from './reference';

const checkpoint = fixture('torch/plain.pth');
const sha256 = createHash('sha256').update(checkpoint).digest('hex').slice(0, 8);
const fetching = { progress: silent, signal: new AbortController().signal };

describe('the weights of Inception', () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-inception-'));
  });
  afterEach(async () => {
    server?.close();
    server = undefined;
    await rm(folder, { recursive: true, force: true });
  });
  const left = () => readdir(path.join(folder, 'inception'));

  it('from a server are checked before they are kept', async () => {
    const asked: string[] = [];
    server = createServer((request, answer) => {
      asked.push(request.url ?? '');
      answer.end(checkpoint);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.pth`;
    const get = (sum: string) => storeInception(folder, { from: '', fetching, home: { url, sha256: sum } });
    await expect(get('00000000')).rejects.toMatchObject({ code: 'CHECKSUM' });
    // the right sum of a file that is another network
    await expect(get(sha256)).rejects.toThrow("it has nothing for 'Conv2d_1a_3x3.conv.weight'");
    expect(asked).toEqual(['/weights.pth', '/weights.pth']);
    expect(await left()).toEqual([]);
  });

  it('from a file that is none leave the file where it is', async () => {
    const from = path.join(folder, 'mine.pth');
    await writeFile(from, checkpoint);
    await expect(storeInception(folder, { from, fetching })).rejects.toMatchObject({ code: 'CHECKSUM' });
    await expect(storeInception(folder, { from: path.join(folder, 'none.pth'), fetching })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await readdir(folder)).toContain('mine.pth');
    expect(await left()).toEqual([]);
  });

  it('that are not here are asked for in a sentence', async () => {
    const engine = { parts: 1, compile: () => expect.fail('nothing is compiled') };
    await expect(openInception(engine, folder)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('lowland metrics fetch-inception'),
    });
    await expect(openInception(engine, folder)).rejects.toThrow('The weights of Inception are not here');
    expect(inceptionFile(folder)).toBe(path.join(folder, 'inception', 'inception-2015-12-05.safetensors'));
  });
});
