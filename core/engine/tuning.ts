/**
 * How libtensorflow's threads are used on this machine: threads within an op, ops side by side, and into how many independent parts
 * a batch is split, so that parts and threads match. Measured by `lowland doctor --calibrate`, remembered for the machine.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { writeAtomic } from '../lib/atomic';
import { cores as processors } from '../lib/cores';
import { enginesFolder } from './tensorflow-folder';

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1024));
const tuningSchema = v.object({ intraOp: count, interOp: count, parts: count });
export type Tuning = v.InferOutput<typeof tuningSchema>;

const timing = v.object({ tuning: tuningSchema, float32: v.number(), bfloat16: v.number() });
/** Milliseconds of a training step. */
export type Timing = v.InferOutput<typeof timing>;
const fileSchema = v.object({ machine: v.string(), tuning: tuningSchema, timings: v.array(timing) });

const file = (): string => path.join(enginesFolder(), 'tuning.json');
/** Threads that may run at once; Node before 18 counts those of the machine only. */
/** What the measurements hold for. */
const machine = (): string => `${os.cpus()[0]?.model.trim() ?? ''} x ${processors()}`;

export const usualTuning = (): Tuning => {
  const cores = processors();
  return { intraOp: cores, interOp: cores, parts: 1 };
};

/** What is worth trying here. */
export function candidates(cores = processors()): Tuning[] {
  const all = [1, 2, 4, cores]
    .filter((parts, i, list) => parts <= cores && list.indexOf(parts) === i)
    .flatMap((parts) => [
      { intraOp: cores, interOp: cores, parts },
      ...(parts > 1 ? [{ intraOp: Math.max(1, Math.floor(cores / parts)), interOp: parts, parts }] : []),
    ]);
  return all;
}

const variables = { intraOp: 'TF_NUM_INTRAOP_THREADS', interOp: 'TF_NUM_INTEROP_THREADS' } as const;
const partsVariable = 'LOWLAND_BATCH_PARTS';

/** The environment in which a process computes with this tuning. */
export const environmentOf = ({ intraOp, interOp, parts }: Tuning): Record<string, string> => ({
  [variables.intraOp]: String(intraOp),
  [variables.interOp]: String(interOp),
  [partsVariable]: String(parts),
});

/** The environment's tuning, else what was measured on this machine, else the usual. */
export function currentTuning(environment: NodeJS.ProcessEnv = process.env): Tuning {
  const { [variables.intraOp]: intraOp, [variables.interOp]: interOp, [partsVariable]: parts } = environment;
  const given = [intraOp, interOp, parts].some((value) => value !== undefined);
  if (!given) return measuredTuning()?.tuning ?? usualTuning();
  const usual = usualTuning();
  const read = (text: string | undefined, otherwise: number) => {
    const value = Number(text);
    return Number.isInteger(value) && value > 0 ? value : otherwise;
  };
  return { intraOp: read(intraOp, usual.intraOp), interOp: read(interOp, usual.interOp), parts: read(parts, 1) };
}

/** As a run keeps it, since equal bits need equal threads and parts. */
export const writtenTuning = ({ intraOp, interOp, parts }: Tuning): string =>
  `${intraOp} x ${interOp} threads, ${parts} ${parts === 1 ? 'part' : 'parts'}`;

/** Makes this process compute as a run did that kept this, unless the environment says otherwise; before the engine is opened. */
export function adoptTuning(written: string | undefined): void {
  const [, intraOp, interOp, parts] = /^(\d+) x (\d+) threads, (\d+) parts?$/.exec(written ?? '') ?? [];
  const parsed = v.safeParse(tuningSchema, {
    intraOp: Number(intraOp),
    interOp: Number(interOp),
    parts: Number(parts),
  });
  if (parsed.success)
    for (const [name, value] of Object.entries(environmentOf(parsed.output))) process.env[name] ??= value;
}

/** What was measured on this machine, if it was; a file of another machine, or a damaged one, counts for nothing. */
export function measuredTuning(): v.InferOutput<typeof fileSchema> | undefined {
  try {
    const parsed = v.safeParse(fileSchema, JSON.parse(readFileSync(file(), 'utf8')));
    return parsed.success && parsed.output.machine === machine() ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the fastest, by the mean of both precisions' ratios to the first. */
export async function rememberTuning(timings: readonly [Timing, ...Timing[]]): Promise<Tuning> {
  const [first] = timings;
  const cost = ({ float32, bfloat16 }: Timing) => float32 / first.float32 + bfloat16 / first.bfloat16;
  const best = timings.reduce((a, b) => (cost(b) < cost(a) ? b : a));
  await writeAtomic(file(), `${JSON.stringify({ machine: machine(), tuning: best.tuning, timings }, undefined, 2)}\n`);
  return best.tuning;
}
