/** The list of evaluations, looked at once a second while somebody follows it; of files that grow only what is new is read. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Evaluation, UnreadableEvaluation } from '../../../contract/areas/evaluations';
import { AppError } from '../../../lib/errors';
import { lockHolder } from '../../../runs/lock';
import { pause } from '../runs/pause';
import { cellFile, evaluationNames, evaluationsFolder, manifestFile, readEvaluation } from './manifest';
import { CellTally } from './tally';

type Row = Evaluation | UnreadableEvaluation;
/** Milliseconds between looks. */
const look = 1000;

interface Known {
  readonly stamp: string;
  readonly row: Row;
  readonly tallies: readonly CellTally[];
}

/** Follows the evaluations of a data folder. Readers share one memory of what was read. */
export function evaluationList(dataFolder: string) {
  let known = new Map<string, Known>();
  let reading: Promise<readonly Row[]> | undefined;

  async function readAll(): Promise<readonly Row[]> {
    const next = new Map<string, Known>();
    for (const id of await evaluationNames(dataFolder)) {
      const folder = path.join(evaluationsFolder(dataFolder), id);
      const before = known.get(id);
      const stamp = await stampOf(folder);
      const same = before && before.stamp === stamp && before.row.state !== 'running';
      next.set(id, same ? before : { stamp, ...(await rowOf(folder, id, before?.tallies)) });
    }
    known = next;
    return [...known.values()].map(({ row }) => row);
  }

  return {
    async *follow(signal: AbortSignal): AsyncGenerator<readonly Row[], void, undefined> {
      let told: string | undefined;
      while (!signal.aborted) {
        reading ??= readAll().finally(() => (reading = undefined));
        const rows = await reading;
        const text = JSON.stringify(rows);
        if (text !== told) yield rows;
        told = text;
        await pause(look, signal);
      }
    },
  };
}

async function stampOf(folder: string): Promise<string> {
  const found = await stat(manifestFile(folder)).catch(() => undefined);
  return found ? `${found.ino}/${found.size}/${found.mtimeMs}` : '-';
}

async function rowOf(folder: string, id: string, before: Known['tallies'] = []): Promise<Omit<Known, 'stamp'>> {
  try {
    const { plan, status, created, engines, images, classes, cells } = await readEvaluation(folder);
    const tallies = cells.map((_, i) => before[i] ?? new CellTally(cellFile(folder, i)));
    // asked before the cells are read: one that ends meanwhile is read once more
    const state = status === 'running' && !(await lockHolder(folder)) ? 'stopped' : status;
    const measured = await Promise.all(tallies.map((tally) => tally.read()));
    const results = cells.flatMap((cell, i) => {
      const result = measured[i];
      return result ? [{ ...cell, ...result }] : [];
    });
    return { tallies, row: { id, plan, state, created, engines, images, classes, cells: results } };
  } catch (error) {
    const problem = error instanceof AppError ? error.message : String(error);
    return { tallies: [], row: { id, state: 'unreadable', problem } };
  }
}
