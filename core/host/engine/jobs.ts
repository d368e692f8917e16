/**
 * What the engine process does for the queue. A job is a function that reports progress and stops at the signal with everything kept;
 * `target` is told as soon as it is known, so that a window can follow the run or evaluation.
 */
import type { JobRequest } from '../../contract/areas/jobs';
import type { Progress } from '../../lib/progress';
import type { EngineDesk } from './desk';

export interface JobContext {
  readonly desk: EngineDesk;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The run or evaluation that the job makes. */
  target(name: string): void;
}
/** The work of one kind of job. @throws AppError CANCELLED when it stopped at the signal. */
export type JobWork<K extends JobRequest['kind']> = (
  request: Extract<JobRequest, { kind: K }>,
  context: JobContext,
) => Promise<void>;
