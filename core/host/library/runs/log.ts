/** The log of a run as a stream: what is there, then what is appended while somebody writes it. */
import path from 'node:path';
import type { RunEvents } from '../../../contract/areas/runs';
import { breathe } from '../../../lib/breathe';
import { readRun } from '../../../runs/library';
import { pieces } from './batch';
import { pause } from './pause';
import { LineTail } from './tail';

/**
 * Milliseconds between looks at the log: soon one after the other at first, when one waits for the curves to begin, then seldom, since
 * all that comes is drawn on processors that train; and between looks at whether the run still runs.
 */
const look = (followed: number) => (followed < 20_000 ? 500 : 2000);
const ask = 1000;

/** Ends when the run is over and all of its log was given. @throws AppError where the folder or its log vanishes. */
export async function* logPieces(
  folder: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<RunEvents, void, undefined> {
  const tail = new LineTail(path.join(folder, 'events.jsonl'));
  const began = performance.now();
  let asked = -Infinity;
  let running = true;
  while (!signal.aborted) {
    // asked before reading: what was written until the run ended is read after it
    if (running && performance.now() - asked >= ask) {
      running = (await readRun(folder)).state === 'running';
      asked = performance.now();
    }
    for await (const lines of tail.news()) {
      if (signal.aborted) return;
      yield* pieces(lines.toString('utf8'), after);
      await breathe();
    }
    if (!running) return;
    await pause(look(performance.now() - began), signal);
  }
}
