/** Best and last evaluation of a run, from its log: only lines of evaluations and resumes are parsed, and each byte is read once. */
import path from 'node:path';
import type { RunRow } from '../../../contract/areas/runs';
import { type RunEvent, parseLine } from '../../../runs/events';
import { supersededBy } from './batch';
import { LineTail } from './tail';

const wanted = ['"kind":"evaluation"', '"kind":"resume"'].map((mark) => Buffer.from(mark));

export class RunScores {
  readonly #tail: LineTail;
  #evaluations: RunEvent[] = [];

  constructor(folder: string) {
    this.#tail = new LineTail(path.join(folder, 'events.jsonl'));
  }

  async read(): Promise<Pick<RunRow, 'best' | 'last'>> {
    for await (const lines of this.#tail.news()) {
      const events = wanted.flatMap((mark) => linesWith(lines, mark)).flatMap((line) => parseLine(line) ?? []);
      for (const event of events.sort((a, b) => a.seq - b.seq)) {
        if (event.kind === 'evaluation') this.#evaluations.push(event);
        for (const [first, last] of supersededBy(event))
          this.#evaluations = this.#evaluations.filter(({ seq }) => seq < first || seq > last);
      }
    }
    const found = this.#evaluations.flatMap(({ step, ...event }) => {
      const [clean, robust] = [event['accuracy.clean'], event['accuracy.robust']];
      return typeof clean === 'number' && typeof robust === 'number' ? [{ step, clean, robust }] : [];
    });
    const last = found.at(-1);
    if (!last) return {};
    const best = found.reduce((a, b) => (b.robust > a.robust ? b : a));
    return { last, best: { step: best.step, robust: best.robust } };
  }
}

function linesWith(lines: Buffer, mark: Buffer): string[] {
  const found: string[] = [];
  for (let at = lines.indexOf(mark); at >= 0; at = lines.indexOf(mark, at)) {
    const start = lines.lastIndexOf('\n', at) + 1;
    const end = lines.indexOf('\n', at);
    at = end < 0 ? lines.length : end;
    found.push(lines.toString('utf8', start, at));
  }
  return found;
}
