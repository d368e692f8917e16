/** Doing a run's work and closing it, however the work ends. */
import { AppError } from '../lib/errors';
import type { Run } from '../runs/store';

/** The run ends 'done', 'stopped' when the work was cancelled, else 'failed'; and it is always unlocked. */
export async function closing<T>(run: Run, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await run.close('done');
    return result;
  } catch (error) {
    const stopped = error instanceof AppError && error.code === 'CANCELLED';
    await run.close(stopped ? 'stopped' : 'failed').catch(() => undefined);
    throw error;
  }
}
