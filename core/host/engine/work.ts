/** The job of a request. */
import type { JobRequest } from '../../contract/areas/jobs';
import { AppError } from '../../lib/errors';
import { evaluate, resumeEvaluation } from './evaluate';
import type { JobContext, SuiteWork } from './jobs';
import { resumeJob, trainJob } from './train';

export async function engineWork(request: JobRequest, context: JobContext, suiteWork: SuiteWork): Promise<void> {
  switch (request.kind) {
    case 'train':
      return trainJob(request, context);
    case 'resume':
      return resumeJob(request, context);
    case 'evaluate':
      return evaluate(request, context);
    case 'resume-evaluation':
      return resumeEvaluation(request, context);
    case 'suite': {
      const { kind: _kind, ...suite } = request;
      const { desk, ...work } = context;
      return suiteWork(suite, { ...work, dataFolder: desk.dataFolder, engine: desk.engine });
    }
    default:
      throw new AppError('FAILED', `The engine does not do '${request.kind}' jobs.`);
  }
}
