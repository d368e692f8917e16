/** The job of a request. */
import type { JobRequest } from '../../contract/areas/jobs';
import { AppError } from '../../lib/errors';
import { evaluate, resumeEvaluation } from './evaluate';
import type { JobContext } from './jobs';
import { resumeJob, trainJob } from './train';

export async function engineWork(request: JobRequest, context: JobContext): Promise<void> {
  switch (request.kind) {
    case 'train':
      return trainJob(request, context);
    case 'resume':
      return resumeJob(request, context);
    case 'evaluate':
      return evaluate(request, context);
    case 'resume-evaluation':
      return resumeEvaluation(request, context);
    default:
      throw new AppError('FAILED', `The engine does not do '${request.kind}' jobs.`);
  }
}
