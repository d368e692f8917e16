/** Opens an engine by id, or the best that works. */
import { existsSync, readdirSync } from 'node:fs';
import { AppError } from '../lib/errors';
import { enginesByRank } from './choice';
import { openCpu, probeCpu } from './cpu';
import type { Engine, EngineId, EngineProbe } from './engine';
import { openTensorflow, probeTensorflow } from './tensorflow';
import { openWasm, probeWasm } from './wasm';
import { openWebgpu, probeWebgpu } from './webgpu';

interface Entry {
  readonly open: () => Promise<Engine>;
  /** A cheap look, in this process. */
  readonly probe: () => Promise<EngineProbe>;
}

const engines: Readonly<Record<EngineId, Entry>> = {
  tensorflow: { open: openTensorflow, probe: probeTensorflow },
  webgpu: { open: openWebgpu, probe: probeIfDevice },
  wasm: { open: openWasm, probe: probeWasm },
  cpu: { open: openCpu, probe: probeCpu },
};

/** On Linux a GPU is a device file; without one there is nothing but software, and no need to load Dawn. */
async function probeIfDevice(): Promise<EngineProbe> {
  const nodes = existsSync('/dev/dri') ? readdirSync('/dev/dri') : [];
  const devices = nodes.some((name) => name.startsWith('renderD')) || existsSync('/dev/nvidiactl');
  if (process.platform === 'linux' && !devices) return { works: false, reason: 'This machine has no GPU device.' };
  return probeWebgpu();
}

/**
 * The named engine, or the best that works.
 * @throws AppError ENGINE saying why the named one does not work and what to do.
 */
export async function openEngine(id?: EngineId): Promise<Engine> {
  if (id) return openNamed(id);
  let last: unknown;
  for await (const best of enginesByRank((candidate) => engines[candidate].probe())) {
    try {
      return await engines[best].open();
    } catch (error) {
      last = error;
    }
  }
  throw new AppError('ENGINE', 'No engine works here.', "See 'lowland doctor'.", last);
}

async function openNamed(id: EngineId): Promise<Engine> {
  try {
    return await engines[id].open();
  } catch (error) {
    if (error instanceof AppError) throw error;
    const because = error instanceof Error ? error.message : String(error);
    throw new AppError('ENGINE', `The ${id} engine does not work: ${because}`, "See 'lowland doctor'.", error);
  }
}
