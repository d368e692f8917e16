/** What the engine process does for the queue: one function for each kind of job that computes. */
import type { JobRequest } from '../../contract/areas/jobs';
import type { SuiteRequest } from '../../contract/areas/suites';
import type { Engine } from '../../engine/engine';
import type { WorkContext } from '../work';
import type { EngineDesk } from './desk';

export interface JobContext extends WorkContext {
  readonly desk: EngineDesk;
}
/** Suites are made of commands, which lie above the host: the entry of the process hands them in. */
export type SuiteWork = (
  request: SuiteRequest,
  context: WorkContext & { readonly dataFolder: string; readonly engine: () => Promise<Engine> },
) => Promise<void>;
/** Reports progress, and stops at the signal with everything kept. @throws AppError CANCELLED when it stopped. */
export type JobWork<K extends JobRequest['kind']> = (
  request: Extract<JobRequest, { kind: K }>,
  context: JobContext,
) => Promise<void>;
