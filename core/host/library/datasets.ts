import type { HandlersOf } from '../../contract/api';
import { missing } from '../missing';
import type { DatasetDesk } from './desk';

export const datasetHandlers = (
  _desk: DatasetDesk,
): Pick<
  HandlersOf<'library'>,
  | 'datasets.list'
  | 'datasets.open'
  | 'datasets.labels'
  | 'datasets.tiles'
  | 'datasets.nearest'
  | 'datasets.augment'
  | 'datasets.export'
  | 'datasets.remove'
> => ({
  'datasets.list': missing('datasets.list'),
  'datasets.open': missing('datasets.open'),
  'datasets.labels': missing('datasets.labels'),
  'datasets.tiles': missing('datasets.tiles'),
  'datasets.nearest': missing('datasets.nearest'),
  'datasets.augment': missing('datasets.augment'),
  'datasets.export': missing('datasets.export'),
  'datasets.remove': missing('datasets.remove'),
});
