import type { HandlersOf } from '../../contract/api';
import { missing } from '../missing';
import type { DatasetDesk } from './desk';

export const figureHandlers = (
  _desk: DatasetDesk,
): Pick<HandlersOf<'library'>, 'figures.export' | 'figures.images'> => ({
  'figures.export': missing('figures.export'),
  'figures.images': missing('figures.images'),
});
