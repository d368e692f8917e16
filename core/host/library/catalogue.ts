import type { HandlersOf } from '../../contract/api';
import { missing } from '../missing';
import type { DatasetDesk } from './desk';

export const catalogueHandlers = (
  _desk: DatasetDesk,
): Pick<HandlersOf<'library'>, 'catalogue.read' | 'catalogue.configure' | 'app.engines'> => ({
  'catalogue.read': missing('catalogue.read'),
  'catalogue.configure': missing('catalogue.configure'),
  'app.engines': missing('app.engines'),
});
