/** The engines a test table runs over: LOWLAND_TEST_ENGINES (comma-separated), else those that are always there. */
import { openEngine } from '../core/engine/open';
import { type Engine, type EngineId, engineIds } from '../core/engine/engine';

export const testEngines: EngineId[] = (process.env.LOWLAND_TEST_ENGINES ?? 'cpu,wasm').split(',').map((name) => {
  const id = engineIds.find((known) => known === name.trim());
  if (!id) throw new Error(`LOWLAND_TEST_ENGINES names '${name}', which is no engine`);
  return id;
});

/** For what is made of many steps, each of which has a table of its own: without the reference in plain JavaScript, the slowest by far. */
export const quickEngines = testEngines.filter((id) => id !== 'cpu' || testEngines.length === 1);

/** Opens one engine for a block of tests; the caller disposes it. */
export const open = (id: EngineId): Promise<Engine> => openEngine(id);
