/** The child's side of jobs: runs the work of a request, and passes on what it says; events that nobody has read yet are joined. */
import type { JobRequest } from '../contract/areas/jobs';
import type { HandlerContext } from '../contract/contract';
import { AppError } from '../lib/errors';
import type { Progress } from '../lib/progress';
import type { WorkEvent } from './internal';

export interface WorkContext {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The run or evaluation that the job makes. */
  target(name: string): void;
}
export type Work = (request: JobRequest, context: WorkContext) => Promise<void>;

export function workHandlers(work: Work) {
  const running = new Map<string, AbortController>();
  return {
    'work.run': (input: { id: string; request: JobRequest }, context: HandlerContext) => run(input, context),
    async 'work.stop'({ id }: { id: string }) {
      running.get(id)?.abort();
      return null;
    },
  };

  async function* run({ id, request }: { id: string; request: JobRequest }, { signal }: HandlerContext) {
    if (running.has(id)) throw new AppError('FAILED', `Job ${id} is under way already.`);
    const stop = new AbortController();
    running.set(id, stop);
    const abort = () => stop.abort();
    signal.addEventListener('abort', abort);
    const mail = createMail();
    const done = work(request, { progress: mail, signal: stop.signal, target: mail.target }).finally(mail.close);
    // the error is thrown when the mail has been read
    done.catch(() => undefined);
    try {
      for await (const event of mail.events()) yield event;
      await done;
    } finally {
      stop.abort();
      signal.removeEventListener('abort', abort);
      await done.catch(() => undefined);
      running.delete(id);
    }
  }
}

function createMail() {
  let waiting: WorkEvent[] = [];
  let closed = false;
  let wake: () => void = () => undefined;
  const put = (event: WorkEvent) => {
    // a reader that is slow needs only the newest progress
    if (event.type === 'progress') waiting = waiting.filter(({ type }) => type !== 'progress');
    waiting.push(event);
    wake();
  };
  return {
    update: (task: string, done: number, total: number, unit: string, note?: string) =>
      put({ type: 'progress', task, done, total, unit, ...(note === undefined ? {} : { note }) }),
    note: (line: string) => put({ type: 'note', line }),
    target: (name: string) => put({ type: 'target', name }),
    close() {
      closed = true;
      wake();
    },
    async *events(): AsyncGenerator<WorkEvent, void, undefined> {
      for (;;) {
        const event = waiting.shift();
        if (event) yield event;
        else if (closed) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
