import { missing } from '../missing';
import type { JobWork } from './jobs';

export const evaluate: JobWork<'evaluate'> = missing('evaluate');
export const resumeEvaluation: JobWork<'resume-evaluation'> = missing('resume-evaluation');
