/** What the engine process does for the queue: one function for each kind of job that computes. */
import type { JobRequest } from '../../contract/areas/jobs';
import type { WorkContext } from '../work';
import type { EngineDesk } from './desk';

export interface JobContext extends WorkContext {
  readonly desk: EngineDesk;
}
/** Reports progress, and stops at the signal with everything kept. @throws AppError CANCELLED when it stopped. */
export type JobWork<K extends JobRequest['kind']> = (
  request: Extract<JobRequest, { kind: K }>,
  context: JobContext,
) => Promise<void>;
