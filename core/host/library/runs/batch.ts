/** Lines of a log as a piece for windows: the many events of steps as columns, the few others as they are. */
import type { RunEvents, StepColumns } from '../../../contract/areas/runs';
import { type RunEvent, parseLine } from '../../../runs/events';

const own = new Set(['kind', 'seq', 't', 'step', 'epoch']);

/** The pieces that a text of whole lines makes: one, and one more after each resume. Events up to the seq `after` are left out. */
export function* pieces(lines: string, after: number): Generator<RunEvents, void, undefined> {
  let steps: RunEvent[] = [];
  let events: RunEvent[] = [];
  for (let at = 0; at < lines.length;) {
    const end = lines.indexOf('\n', at);
    const event = parseLine(lines.slice(at, end < 0 ? undefined : end));
    at = end < 0 ? lines.length : end + 1;
    if (!event || event.seq <= after) continue;
    (event.kind === 'step' ? steps : events).push(event);
    if (event.kind !== 'resume') continue;
    yield pieceOf(steps, events, supersededBy(event));
    steps = [];
    events = [];
  }
  if (steps.length + events.length > 0) yield pieceOf(steps, events, []);
}

const pieceOf = (
  steps: readonly RunEvent[],
  events: readonly RunEvent[],
  superseded: RunEvents['superseded'],
): RunEvents => ({
  seq: Math.max(steps.at(-1)?.seq ?? -1, events.at(-1)?.seq ?? -1),
  steps: columns(steps),
  events,
  superseded,
});

/** The seqs that a resume went back before; none where it repeats nothing. */
export function supersededBy({ supersedes }: RunEvent): RunEvents['superseded'] {
  if (!Array.isArray(supersedes)) return [];
  const [first, last] = supersedes.map(Number);
  return first !== undefined && last !== undefined && first <= last ? [[first, last]] : [];
}

function columns(events: readonly RunEvent[]): StepColumns {
  const n = events.length;
  const values: Record<string, Float32Array> = {};
  const found = {
    seq: new Uint32Array(n),
    t: new Float64Array(n),
    step: new Uint32Array(n),
    epoch: new Float64Array(n),
  };
  events.forEach((event, i) => {
    found.seq[i] = event.seq;
    found.t[i] = event.t;
    found.step[i] = event.step;
    found.epoch[i] = typeof event.epoch === 'number' ? event.epoch : NaN;
    for (const name in event) {
      const value = event[name];
      if (typeof value !== 'number' || own.has(name)) continue;
      (values[name] ??= new Float32Array(n).fill(NaN))[i] = value;
    }
  });
  return { ...found, values };
}
