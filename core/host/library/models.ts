import type { HandlersOf } from '../../contract/api';
import { missing } from '../missing';
import type { DatasetDesk } from './desk';

export const modelHandlers = (
  _desk: DatasetDesk,
): Pick<
  HandlersOf<'library'>,
  'models.list' | 'models.show' | 'models.import' | 'models.remove' | 'models.export'
> => ({
  'models.list': missing('models.list'),
  'models.show': missing('models.show'),
  'models.import': missing('models.import'),
  'models.remove': missing('models.remove'),
  'models.export': missing('models.export'),
});
