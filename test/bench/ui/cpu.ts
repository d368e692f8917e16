/** Processor time of the processes below this one, by what they do; from /proc, so only on Linux. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const roles: readonly (readonly [RegExp, string])[] = [
  [/process\.mjs\0engine/, 'engine'],
  [/process\.mjs\0library/, 'library'],
  [/lowland\.mjs\0serve/, 'host'],
  [/--type=renderer/, 'page'],
  [/--type=gpu-process/, 'rasteriser'],
  [/chrom/i, 'browser'],
];
/** Of Linux' clock, a second. */
const ticks = 100;

/** Seconds so far, by role; empty where they cannot be known. */
export function processorTime(): Record<string, number> {
  if (!existsSync('/proc/self/stat')) return {};
  const parents = new Map<number, { parent: number; seconds: number; role: string | undefined }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // the second field is a name in brackets that may hold anything
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      parents.set(Number(name), {
        parent: Number(fields[1]),
        seconds: (Number(fields[11]) + Number(fields[12])) / ticks,
        role: roles.find(([pattern]) => pattern.test(command))?.[1],
      });
    } catch {
      // it ended meanwhile
    }
  }
  const below = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent;
    return parent === process.pid || (parent !== undefined && parent > 1 && below(parent));
  };
  const found: Record<string, number> = {};
  for (const [pid, { seconds, role }] of parents) if (role && below(pid)) found[role] = (found[role] ?? 0) + seconds;
  return found;
}

/** What was used since `before`, in percent of one core. */
export function usedSince(before: Record<string, number>, seconds: number): Record<string, number> {
  const used = Object.entries(processorTime()).map(
    ([role, now]) => [role, (100 * (now - (before[role] ?? 0))) / seconds] as const,
  );
  return Object.fromEntries(used);
}
