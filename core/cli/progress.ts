/** Progress on stderr: a bar with rate and time left on a terminal, else a plain line at most every two seconds. */
import type { Progress } from '../lib/progress';

export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** A Progress that can take its bar off the screen, so that what is printed next starts on a clean line. */
export interface TerminalProgress extends Progress {
  clear(): void;
}

interface Task {
  readonly name: string;
  readonly began: number;
  readonly from: number;
  shown: number;
}

const clearLine = '\r\u001b[K';

export function terminalProgress(terminal: Terminal, now: () => number = Date.now): TerminalProgress {
  const live = terminal.isTTY === true;
  const interval = live ? 100 : 2000;
  let task: Task | undefined;
  let bar = '';

  const clear = (): void => {
    if (bar !== '') terminal.write(clearLine);
    bar = '';
  };

  return {
    clear,
    note(line) {
      const kept = bar;
      clear();
      terminal.write(`${line}\n`);
      if (kept !== '') terminal.write(kept);
      bar = kept;
    },
    update(name, done, total, unit, note) {
      const time = now();
      if (task?.name !== name) task = { name, began: time, from: done, shown: -Infinity };
      const finished = total > 0 && done >= total;
      if (!finished && time - task.shown < interval) return;
      task.shown = time;
      const line = describe(task, time, done, total, unit, note);
      clear();
      if (live) {
        const width = Math.max(20, (terminal.columns ?? 80) - 1);
        bar = finished ? '' : line.slice(0, width);
        terminal.write(finished ? `${line}\n` : bar);
      } else terminal.write(`${line}\n`);
      if (finished) task = undefined;
    },
  };

  function describe(
    { name, began, from }: Task,
    time: number,
    done: number,
    total: number,
    unit: string,
    note: string | undefined,
  ): string {
    const seconds = (time - began) / 1000;
    const rate = seconds > 0 ? (done - from) / seconds : 0;
    const parts = [name];
    if (live && total > 0) parts.push(`[${blocks(done / total)}]`);
    parts.push(
      total > 0
        ? `${amount(done, unit)}/${amount(total, unit)} ${unitName(unit)}`
        : `${amount(done, unit)} ${unitName(unit)}`,
    );
    if (rate > 0) parts.push(`${amount(rate, unit, 3)} ${unitName(unit)}/s`);
    if (rate > 0 && done < total) parts.push(`${duration((total - done) / rate)} left`);
    if (done >= total && total > 0) parts.push(`in ${duration(seconds)}`);
    if (note) parts.push(note);
    return parts.join('  ');
  }
}

const blocks = (fraction: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * 20);
  return '█'.repeat(full) + '·'.repeat(20 - full);
};
const unitName = (unit: string): string => (unit === 'bytes' ? 'MB' : unit);
const amount = (value: number, unit: string, digits = 0): string =>
  unit === 'bytes'
    ? (value / 1e6).toFixed(1)
    : digits === 0
      ? String(Math.round(value))
      : String(Number(value.toPrecision(digits)));

/** 75 -> '1:15', 4000 -> '1:06:40'. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
