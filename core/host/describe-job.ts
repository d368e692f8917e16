/** A job in words, from its request. */
import type { Job, JobRequest } from '../contract/areas/jobs';

export function describeJob(request: JobRequest): Pick<Job, 'title'> & { target?: string } {
  switch (request.kind) {
    case 'train':
      return { title: `Train ${request.name || request.preset}, seed ${request.seed}` };
    case 'resume':
      return { title: `Train ${request.run} on`, target: request.run };
    case 'evaluate':
      return { title: `Attack ${request.plan.model}` };
    case 'resume-evaluation':
      return { title: 'Go on with an evaluation', target: request.id };
    case 'suite':
      return { title: `Judge ${request.model}, suite ${request.suite}` };
    case 'add-dataset':
      return { title: `Add ${request.dataset}`, target: request.dataset };
    case 'check-dataset':
      return { title: `Check ${request.dataset}`, target: request.dataset };
  }
}
