import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRun } from '../../core/runs/library';
import { readEvents, resumeRun } from '../../core/runs/store';
import { bundle } from '../bundle';

let root: string;
let entry: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lowland-kill-'));
  entry = await bundle('test/runs/writer.ts');
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await rm(path.dirname(entry), { recursive: true, force: true });
});

async function startWriter(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [entry, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

test('whenever a writer is killed, nothing complete is lost and the run goes on', async () => {
  const folder = path.join(root, 'run');
  let reached = 0;
  for (const pause of [5, 17, 29, 43, 61, 90]) {
    const child = await startWriter(folder);
    await expect(resumeRun(folder)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(String(child.pid)),
    });
    await wait(pause);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await readRun(folder)).state).toBe('interrupted');

    const run = await resumeRun(folder);
    const checkpoint = await run.latestCheckpoint();
    const step = checkpoint?.step ?? 0;
    expect(step).toBeGreaterThanOrEqual(reached);
    reached = step;
    for (const bytes of Object.values(checkpoint?.files ?? {}))
      expect(bytes.every((byte) => byte === step % 256)).toBe(true);
    const live = (await readEvents(folder)).filter(({ kind }) => kind === 'step');
    expect(live.map((event) => event.step)).toEqual(Array.from({ length: step }, (_, i) => i + 1));
    const all = await readEvents(folder, { all: true });
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => i));
    if (step > 0)
      expect(
        new Set((await readFile(path.join(folder, 'report.html'), 'utf8').catch(() => '')).split(' ')).size,
      ).toBeLessThanOrEqual(2);
    await run.close('stopped');
  }
  expect(reached).toBeGreaterThan(0);
  const run = await resumeRun(folder);
  await run.checkpoint(reached + 1, { weights: Uint8Array.of(1) });
  await run.close('done');
  expect((await readdir(path.join(folder, 'checkpoints'))).every((name) => /^step-\d+$/.test(name))).toBe(true);
});
