/** A child process that trains as fast as it can: events and checkpoints into the run named by its argument, until it is killed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createRun, resumeRun } from '../../core/runs/store';

const folder = process.argv[2] ?? '';
const request = { kind: 'train', name: 'killed', configuration: {}, seed: 0, engine: 'cpu' };
const run = existsSync(path.join(folder, 'run.json')) ? await resumeRun(folder) : await createRun(folder, request);
const start = (await run.latestCheckpoint())?.step ?? 0;
process.stdout.write('writing\n');
for (let step = start + 1; ; step++) {
  run.append({ kind: 'step', step, loss: 1 / step });
  if (step % 3 === 0) {
    const bytes = new Uint8Array(2 ** 18).fill(step % 256);
    await run.checkpoint(step, { weights: bytes, state: bytes });
    await run.file('report.html', `${step} `.repeat(1000));
  }
}
