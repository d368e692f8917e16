// Loaded into the serving process by --import: writes the longest stall of its event loop, in ms, to a file when it is told to start over.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = process.env.LOWLAND_STALLS;
if (file && process.argv[1]?.endsWith('lowland.mjs')) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // SIGUSR2: forget what was before, as the start
  process.on('SIGUSR2', () => delay.reset());
  setInterval(() => writeFileSync(file, String(delay.max / 1e6)), 250).unref();
}
