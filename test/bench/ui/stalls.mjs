// Loaded into the serving process by --import: watches its event loop, and writes to a file the longest time in ms for which it did not
// turn, and the longest for which the process itself was at work then (the rest of a stall is waiting for a processor).
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const file = process.env.LOWLAND_STALLS;
if (file && process.argv[1]?.endsWith('lowland.mjs')) {
  const every = 4;
  let longest = { waited: 0, worked: 0 };
  let last = performance.now();
  let used = process.cpuUsage();
  const forget = () => {
    longest = { waited: 0, worked: 0 };
  };
  // SIGUSR2: forget what was before, as the start
  process.on('SIGUSR2', forget);
  setInterval(() => {
    const now = performance.now();
    const cpu = process.cpuUsage(used);
    const late = Math.max(0, now - last - every);
    longest = {
      waited: Math.max(longest.waited, late),
      worked: Math.max(longest.worked, Math.min(late, (cpu.user + cpu.system) / 1000)),
    };
    last = now;
    used = process.cpuUsage();
  }, every).unref();
  setInterval(() => writeFileSync(file, JSON.stringify(longest)), 250).unref();
}
