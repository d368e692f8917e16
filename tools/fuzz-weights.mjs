// Damages weights files and reads them as an import would: no crash, no hang, bounded memory, each read or refused in a sentence.
//   node tools/fuzz-weights.mjs [COUNT] [SEED]     (10,000 files of seed 1; 'npm run test' takes 400)
// A process of its own reads them; this one watches it: 5 s for a file, 1 GiB of memory.
import { build } from 'esbuild';
import { fork } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const root = new URL('../', import.meta.url).pathname;
const limits = { seconds: 5, bytes: 2 ** 30 };
const [count = 10_000, seed = 1] = process.argv.slice(2).map(Number);

if (process.send) await read();
else await watch();

async function read() {
  const outfile = join(root, 'node_modules/.cache/fuzz-weights.mjs');
  const contents = `export { outcome } from './test/models/fuzz'; export { mutated } from './test/models/mutate';`;
  const entry = { contents, resolveDir: root, loader: 'ts' };
  const banner = { js: `globalThis.__dirname ??= ${JSON.stringify(root)};` };
  await build({ stdin: entry, outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external', banner });
  const { outcome, mutated } = await import(outfile);
  const folder = join(root, 'test/fixtures/models');
  const names = [
    ...readdirSync(join(folder, 'torch'))
      .filter((name) => !name.endsWith('.json'))
      .map((name) => `torch/${name}`),
    ...readdirSync(folder).filter((name) => name.endsWith('.safetensors')),
  ];
  const whole = names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
  for (let step = 0; step < count; step++) {
    process.send({ step });
    const start = performance.now();
    const { bytes, from } = mutated(whole, seed, step);
    const what = await outcome(bytes).catch((error) => `DEFECT in file ${step}: ${error.stack}`);
    process.send({ step, what, kind: names[from].split('.').at(-1), ms: performance.now() - start });
  }
  process.send({ memory: process.resourceUsage().maxRSS * 1024 });
  process.disconnect();
}

async function watch() {
  const found = {};
  const defects = [];
  let slowest = { ms: 0 };
  let memory = 0;
  let timer;
  const child = fork(new URL(import.meta.url).pathname, [String(count), String(seed)], {
    execArgv: ['--max-old-space-size=1024'],
  });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  child.on('message', (message) => {
    clearTimeout(timer);
    if (message.memory) return void (memory = message.memory);
    if (message.what === undefined) {
      timer = setTimeout(() => {
        defects.push(`file ${message.step} took more than ${limits.seconds} s`);
        child.kill('SIGKILL');
      }, limits.seconds * 1000);
      return;
    }
    const { what, kind, ms } = message;
    if (what.startsWith('DEFECT')) defects.push(what);
    else found[`${kind}: ${what}`] = (found[`${kind}: ${what}`] ?? 0) + 1;
    if (ms > slowest.ms) slowest = { step: message.step, ms: Math.round(ms) };
  });
  const { code, signal } = await ended;
  clearTimeout(timer);
  if (code !== 0) defects.push(`the reader ended with ${code ?? signal}`);
  if (memory > limits.bytes) defects.push(`it took ${memory} bytes`);
  process.stdout.write(
    `${JSON.stringify({ count, seed, found, slowest, peakMiB: Math.round(memory / 2 ** 20), defects }, null, 2)}\n`,
  );
  process.exitCode = defects.length > 0 ? 1 : 0;
}
