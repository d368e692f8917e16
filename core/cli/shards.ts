/**
 * Work in independent items, spread over processes: an engine that uses one core gets all of them. Item i is a pure function of the
 * job and i, so the items are the same, in the same order, however many processes there are.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../engine/engine';
import { cores } from '../lib/cores';
import { AppError, type ErrorCode, throwIfCancelled } from '../lib/errors';
import type { AttackFlags } from './attack';
import type { CommandContext } from './command';
import type { SampleFlags } from './sample';

/** What a process is told; it computes the items first + index, first + index + count, … . */
export type Job = (
  { readonly kind: 'sample'; readonly flags: SampleFlags } | { readonly kind: 'attack'; readonly flags: AttackFlags }
) & {
  readonly model: string;
  readonly context: Pick<CommandContext, 'seed' | 'engine' | 'precision' | 'dataFolder' | 'set'>;
};
export type Shard = { readonly first: number; readonly index: number; readonly count: number };

/** What it answers, item by item. */
export type Answer =
  | { readonly item: unknown }
  | { readonly done: true }
  | { readonly error: { code: ErrorCode; message: string; hint: string | undefined } };

const worker = fileURLToPath(new URL('./worker.mjs', import.meta.url));
/** Memory that a process may need. */
const share = 2 ** 30;

/** Processes worth starting for so many items: 1 where the engine uses all cores by itself. LOWLAND_PROCESSES says otherwise. */
export function processesFor(engine: Pick<Engine, 'id'>, items: number): number {
  if (engine.id !== 'wasm' || !existsSync(worker)) return 1;
  const most = Number(process.env.LOWLAND_PROCESSES) || Math.min(cores(), Math.floor(os.freemem() / share));
  return Math.max(1, Math.min(most, items));
}

/** What a job's context keeps of a command's. */
export const jobContext = ({ seed, precision, dataFolder, set }: CommandContext, engine: Engine): Job['context'] => ({
  seed,
  engine: engine.id,
  precision,
  dataFolder,
  set,
});

/** The items from `first` on, in order. @throws AppError of a process, or ENGINE where one dies; CANCELLED. */
export async function* sharded<T>(
  job: Job,
  { first, count }: { first: number; count: number },
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const processes = Array.from({ length: count }, (_, index) => new Answers<T>(start(job, { first, index, count })));
  const stop = () => processes.forEach(({ child }) => child.kill('SIGKILL'));
  signal.addEventListener('abort', stop);
  try {
    for (let i = 0; ; i++) {
      const item = await processes[i % count]?.next().catch((error: unknown) => {
        throwIfCancelled(signal);
        throw error;
      });
      throwIfCancelled(signal);
      if (item === undefined) return;
      yield item;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function start(job: Job, shard: Shard): ChildProcess {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const child = fork(worker, { serialization: 'advanced', env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.send({ job, shard });
  return child;
}

/** The answers of one process, one after the other. */
class Answers<T> {
  readonly #waiting: Answer[] = [];
  #wake: () => void = () => undefined;

  constructor(readonly child: ChildProcess) {
    const add = (answer: Answer) => {
      this.#waiting.push(answer);
      this.#wake();
    };
    child.on('message', (answer) => add(answer as Answer));
    const dead = (how: string) =>
      add({
        error: {
          code: 'ENGINE',
          message: `A process that shared the work ended ${how}.`,
          hint: 'LOWLAND_PROCESSES=1 keeps it in one.',
        },
      });
    child.on('error', ({ message }) => dead(`with '${message}'`));
    child.on('exit', (code, signal) => dead(signal ? `by ${signal}` : `with ${code}`));
  }

  /** The next item; undefined after the last. */
  async next(): Promise<T | undefined> {
    if (this.#waiting.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    const answer = this.#waiting.shift();
    if (answer && 'error' in answer) throw new AppError(answer.error.code, answer.error.message, answer.error.hint);
    return answer && 'item' in answer ? (answer.item as T) : undefined;
  }
}
