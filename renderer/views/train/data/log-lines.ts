/** Events of a log as lines to read. */
import type { RunEvents } from '../../../../core/contract/areas/runs';
import { count, percent, real } from '../../../lib/format';

type LogEvent = RunEvents['events'][number];
export interface LogLine {
  readonly seq: number;
  readonly t: number;
  readonly step: number;
  readonly text: string;
  readonly tone: 'plain' | 'warn';
}

/** Undefined for what another line says already. */
export function logLine(event: LogEvent): LogLine | undefined {
  const { seq, t, step } = event;
  const line = (text: string, tone: LogLine['tone'] = 'plain') => ({ seq, t, step, text, tone });
  switch (event.kind) {
    case 'evaluation':
      return line(`Evaluated: clean ${share(event['accuracy.clean'])}, robust ${share(event['accuracy.robust'])}.`);
    case 'samples':
      return line(`Drew samples, mean E(x) ${number(event['energy.samples'])} nats.`);
    case 'resume':
      return String(event.reason).startsWith('guard') ? undefined : line(`Went on from step ${count(step)}.`, 'warn');
    case 'guard':
      return line(
        `Guard: at step ${number(event.badStep)} ${String(event.reason)}; back at step ${count(step)} with a new random stream (try ${number(event.attempt)}).`,
        'warn',
      );
    default:
      return line(`${event.kind}: ${details(event)}`);
  }
}

const share = (value: unknown) => (typeof value === 'number' ? percent(value) : '–');
const number = (value: unknown) => (typeof value === 'number' ? real(value) : '–');

function details({ seq: _s, t: _t, step: _p, kind: _k, superseded: _o, ...rest }: LogEvent): string {
  return Object.entries(rest)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
