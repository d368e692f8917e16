import type { HandlersOf } from '../../contract/api';
import { missing } from '../missing';
import type { DatasetDesk } from './desk';

export const evaluationHandlers = (
  _desk: DatasetDesk,
): Pick<HandlersOf<'library'>, 'evaluations.follow' | 'evaluations.images' | 'evaluations.remove'> => ({
  'evaluations.follow': missing('evaluations.follow'),
  'evaluations.images': missing('evaluations.images'),
  'evaluations.remove': missing('evaluations.remove'),
});
