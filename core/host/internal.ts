/** What only the host asks of its child processes: the work of jobs, and how they stand. Windows cannot reach it. */
import * as v from 'valibot';
import { type EngineStatus } from '../contract/areas/app';
import { nothing, short } from '../contract/areas/common';
import { jobRequest } from '../contract/areas/jobs';
import { call, stream } from '../contract/contract';

/** What a job says while it works. */
export type WorkEvent =
  | {
      readonly type: 'progress';
      readonly task: string;
      readonly done: number;
      readonly total: number;
      readonly unit: string;
      readonly note?: string;
    }
  | { readonly type: 'note'; readonly line: string }
  | { readonly type: 'target'; readonly name: string };

export const workContract = {
  /** Works until the job is done; it fails as the job fails, with CANCELLED after a stop. */
  'work.run': stream<WorkEvent>()('engine', v.strictObject({ id: short, request: jobRequest })),
  /** Asks a job to stop with everything kept; its stream ends when it has. */
  'work.stop': call<null>()('engine', v.strictObject({ id: short })),
};

export const engineInternal = {
  ...workContract,
  /** Opens the engine, and says what it is. */
  'engine.open': call<EngineStatus>()('engine', nothing),
};
