import type { HandlersOf } from '../../contract/api';
import { missing } from '../missing';
import type { EngineDesk } from './desk';

export const scoreHandlers = (
  _desk: EngineDesk,
): Pick<HandlersOf<'engine'>, 'datasets.scores' | 'models.judge' | 'models.attack'> => ({
  'datasets.scores': missing('datasets.scores'),
  'models.judge': missing('models.judge'),
  'models.attack': missing('models.attack'),
});
