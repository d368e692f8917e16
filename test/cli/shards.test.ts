/** Work shared by processes gives what one process gives, byte for byte; what goes wrong in one of them is told in its own words. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processesFor } from '../../core/cli/shards';
import { bundle } from '../bundle';
import { testEngines } from '../engines';

let entry: string;
let folder: string;
beforeAll(async () => {
  entry = await bundle('core/cli/main.ts', { worker: 'core/cli/worker.ts' });
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-shards-'));
});
afterAll(() => Promise.all([path.dirname(entry), folder].map((each) => rm(each, { recursive: true, force: true }))));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function lowland(processes: number, ...args: string[]): { ended: Promise<Ended>; kill(): void; heard: () => string } {
  const run = `import(process.argv[1]).then(({ main }) => main(process.argv.slice(2)))`;
  const env = { ...process.env, LOWLAND_PROCESSES: String(processes), LOWLAND_DATA: folder };
  const child = spawn(process.execPath, ['-e', run, entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (heard.err += text));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...heard })));
  return { ended, kill: () => child.kill('SIGINT'), heard: () => heard.err };
}

describe.skipIf(!testEngines.includes('wasm'))('work on wasm in several processes', () => {
  test('generates the same images, in order, also with single ones and from where a folder stands', async () => {
    const files = await Promise.all(
      [1, 3].map(async (processes) => {
        const out = path.join(folder, `grid-${processes}.png`);
        const single = path.join(folder, `single-${processes}`);
        const plan = ['--n', '10', '--batch', '2', '--steps', '3', '--seed', '3', '--engine', 'wasm'];
        const { code, err } = await lowland(processes, 'sample', 'jeat', ...plan, '--single', single, '--out', out)
          .ended;
        expect({ code, err: err.includes('error') }).toEqual({ code: 0, err: false });
        await rm(path.join(single, 'chunks', '000003.json'));
        expect((await lowland(processes, 'sample', 'jeat', ...plan, '--single', single, '--out', out).ended).code).toBe(
          0,
        );
        return [await readFile(out), await readFile(path.join(single, 'chunks', '000004.json'))];
      }),
    );
    expect(files[0]?.map((file) => file.toString('hex'))).toEqual(files[1]?.map((file) => file.toString('hex')));
  });

  test('measures the same accuracies and energies', async () => {
    const plan = ['--data', 'fashion-mnist-mini', '--n', '11', '--batch', '3', '--set', 'steps=2', '--engine', 'wasm'];
    const [alone, shared] = await Promise.all(
      [1, 2].map(async (processes) => (await lowland(processes, 'attack', 'jeat', ...plan, '--json').ended).out),
    );
    expect(JSON.parse(shared ?? '')).toEqual(JSON.parse(alone ?? ''));
    expect(JSON.parse(alone ?? '')).toMatchObject({ images: 11 });
  });

  test('stops cleanly on Ctrl-C', async () => {
    const plan = ['--n', '640', '--batch', '64', '--engine', 'wasm', '--out', path.join(folder, 'never.png')];
    const { ended, kill } = lowland(2, 'sample', 'jeat', ...plan);
    setTimeout(kill, 2500);
    expect(await ended).toMatchObject({ code: 130, err: expect.stringContaining('error[CANCELLED]') });
  });
});

test('only an engine that uses one core is spread, and no wider than its work', () => {
  expect(processesFor({ id: 'tensorflow' }, 100)).toBe(1);
  expect(processesFor({ id: 'webgpu' }, 100)).toBe(1);
  expect(processesFor({ id: 'wasm' }, 1)).toBe(1);
});
