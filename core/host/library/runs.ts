import type { HandlersOf } from '../../contract/api';
import { missing } from '../missing';
import type { DatasetDesk } from './desk';

export const runHandlers = (
  _desk: DatasetDesk,
): Pick<
  HandlersOf<'library'>,
  | 'runs.follow'
  | 'runs.read'
  | 'runs.events'
  | 'runs.images'
  | 'runs.image'
  | 'runs.compare'
  | 'runs.remove'
  | 'runs.restore'
  | 'runs.export'
> => ({
  'runs.follow': missing('runs.follow'),
  'runs.read': missing('runs.read'),
  'runs.events': missing('runs.events'),
  'runs.images': missing('runs.images'),
  'runs.image': missing('runs.image'),
  'runs.compare': missing('runs.compare'),
  'runs.remove': missing('runs.remove'),
  'runs.restore': missing('runs.restore'),
  'runs.export': missing('runs.export'),
});
