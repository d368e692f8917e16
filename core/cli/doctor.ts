/** `lowland doctor`: which engines work here, why the others do not, and which one would be chosen. */
import { cores } from '../lib/cores';
import { access, constants, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { systemCode } from '../lib/errors';
import { lowlandVersion } from '../lib/paths';
import type { Examination } from '../engine/doctor';
import type { EngineId } from '../engine/engine';
import { type Timing, type Tuning, measuredTuning, writtenTuning } from '../engine/tuning';
import { flag } from '../lib/options';
import { defineCommand } from './command';
import { textTable } from './table';

export const doctorCommand = defineCommand({
  id: 'doctor',
  summary: 'Say which engines work here, why the others do not, and which one is chosen.',
  examples: ['lowland doctor', 'lowland doctor --json', 'lowland doctor --engine webgpu', 'lowland doctor --calibrate'],
  arguments: [],
  options: {
    calibrate: flag(false, 'Measure how the tensorflow engine uses the threads of this machine best, and remember it.'),
  },
  async run(_args, options, { engine, dataFolder, signal, progress }) {
    if (options.calibrate) {
      const { calibrate, timeSteps } = await import('./calibrate');
      if (process.env.LOWLAND_BATCH_PARTS) return { json: { timing: await timeSteps() }, text: '' };
      const { tuning, timings } = await calibrate(progress, signal);
      return { json: { tuning, timings }, text: [...timings.map(timingLine), '', tuningLine(tuning)].join('\n') };
    }
    const { examine, examineAll } = await import('../engine/doctor');
    const { bestEngine } = await import('../engine/choice');
    const engines = engine ? [await examine(engine)] : await examineAll(signal);
    const found = new Map(engines.map((one) => [one.id, one]));
    const chosen = engine ? undefined : await bestEngine(async (id) => found.get(id) ?? { works: false });
    const json = {
      lowland: lowlandVersion(),
      node: process.version,
      system: `${os.type()} ${os.release()} ${process.arch}`,
      processor: os.cpus()[0]?.model.trim() ?? 'unknown',
      cores: cores(),
      memory: { total: os.totalmem(), free: os.freemem() },
      dataFolder: { path: dataFolder, writable: await isWritable(dataFolder) },
      engines,
      chosen,
      tuning: measuredTuning() ?? null,
    };
    return { json, text: doctorText(json) };
  },
});

/** Whether it can be written to, or made where it is not there yet. */
async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return (await stat(folder)).isDirectory();
  } catch (error) {
    const parent = path.dirname(folder);
    return systemCode(error) === 'ENOENT' && parent !== folder && isWritable(parent);
  }
}

interface Doctor {
  readonly lowland: string;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory: { total: number; free: number };
  readonly dataFolder: { path: string; writable: boolean };
  readonly engines: readonly Examination[];
  readonly chosen: EngineId | undefined;
  readonly tuning: { readonly tuning: Tuning } | null;
}

function doctorText(doctor: Doctor): string {
  const { lowland, node, system, processor, cores, memory, dataFolder, engines, chosen, tuning } = doctor;
  const rows = engines.map(({ id, works, info, seconds, bytes }) => [
    id,
    works ? 'works' : 'no',
    info?.device ?? '',
    info?.version ?? '',
    info ? String(info.threads) : '',
    bytes === undefined ? '' : `${Math.round(bytes / 1e6)} MB`,
    seconds === undefined ? '' : `${seconds.toFixed(1)} s`,
  ]);
  const reasons = engines.flatMap(({ id, works, reason, hint }) =>
    works ? [] : [`${id}: ${reason ?? 'does not work.'}${hint ? ` ${hint}` : ''}`],
  );
  return [
    `Lowland ${lowland}, Node ${node}, ${system}`,
    `${processor}, ${cores} cores, ${gigabytes(memory.free)} of ${gigabytes(memory.total)} free`,
    `Data folder: ${dataFolder.path}${dataFolder.writable ? '' : ' (not writable!)'}`,
    '',
    textTable(['engine', '', 'device', 'version', 'threads', 'memory', 'start'], rows),
    ...(reasons.length > 0 ? ['', ...reasons] : []),
    ...(chosen ? ['', `Chosen when --engine is not given: ${chosen}`] : []),
    ...(engines.some(({ id, works }) => id === 'tensorflow' && works)
      ? [
          tuning
            ? tuningLine(tuning.tuning)
            : "Threads not calibrated: 'lowland doctor --calibrate' measures them in a minute.",
        ]
      : []),
  ].join('\n');
}

const tuningLine = (tuning: Tuning): string =>
  `Calibrated: ${writtenTuning(tuning)} (threads within an op x ops side by side, parts of a batch)`;

const timingLine = ({ tuning, float32, bfloat16 }: Timing): string =>
  `${writtenTuning(tuning).padEnd(24)} float32 ${float32.toFixed(0)} ms   bfloat16 ${bfloat16.toFixed(0)} ms a step`;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
