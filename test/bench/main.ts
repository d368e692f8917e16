/**
 * `npm run bench`: times of a training step of each objective, of a sampler and of an attack, by engine. Medians of interleaved
 * rounds: every case runs once a round, so that noise of the machine falls on all alike.
 *   npm run bench -- [--json] [--engines wasm,tensorflow] [--rounds 5]
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { type EngineId, engineIds } from '../../core/engine/engine';
import { openEngine } from '../../core/engine/open';
import { AppError } from '../../core/lib/errors';
import { type BenchCase, benchCases } from './cases';

interface Timing {
  readonly name: string;
  readonly engine: EngineId;
  readonly batch: number;
  readonly ms: number;
  readonly imagesPerSecond: number;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

async function timeEngine(id: EngineId, rounds: number): Promise<Timing[]> {
  const engine = await openEngine(id);
  const cases = benchCases(engine);
  const times = new Map<BenchCase, number[]>(cases.map((each) => [each, []]));
  try {
    for (let round = -1; round < rounds; round++) {
      for (const each of cases) {
        const began = performance.now();
        await each.run(round + 1);
        if (round >= 0) times.get(each)?.push(performance.now() - began);
      }
      process.stderr.write(`${id}: round ${round + 1} of ${rounds}\n`);
    }
    return cases.map((each) => {
      const ms = median(times.get(each) ?? []);
      return { name: each.name, engine: id, batch: each.batch, ms, imagesPerSecond: (1000 * each.batch) / ms };
    });
  } finally {
    for (const each of cases) each.dispose();
    await engine.dispose();
  }
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    engines: { type: 'string', default: 'tensorflow,webgpu,wasm' },
    rounds: { type: 'string', default: '5' },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`error[USAGE]: --rounds is '${values.rounds}'; it must be a whole number of at least 1.\n`);
  process.exit(2);
}
const timings: Timing[] = [];
for (const name of values.engines.split(',')) {
  const id = engineIds.find((known) => known === name.trim());
  if (!id) {
    process.stderr.write(`error[USAGE]: unknown engine '${name}'. Known: ${engineIds.join(', ')}.\n`);
    process.exit(2);
  }
  try {
    timings.push(...(await timeEngine(id, rounds)));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${id} is left out: ${error.message}\n`);
  }
}
const machine = { cpu: os.cpus()[0]?.model.trim() ?? 'unknown', cores: os.cpus().length, node: process.version };
if (values.json) process.stdout.write(`${JSON.stringify({ machine, rounds, timings })}\n`);
else {
  for (const { name, engine, ms, imagesPerSecond } of timings) {
    process.stdout.write(
      `${engine.padEnd(11)} ${name.padEnd(22)} ${ms.toFixed(1).padStart(9)} ms ${imagesPerSecond.toFixed(0).padStart(8)} images/s\n`,
    );
  }
}
process.exit(0);
