import type { HandlersOf } from '../../contract/api';
import { missing } from '../missing';
import type { EngineDesk } from './desk';

export const surfaceHandlers = (
  _desk: EngineDesk,
): Pick<HandlersOf<'engine'>, 'surface.plane' | 'surface.walk' | 'surface.flatness' | 'surface.energies'> => ({
  'surface.plane': missing('surface.plane'),
  'surface.walk': missing('surface.walk'),
  'surface.flatness': missing('surface.flatness'),
  'surface.energies': missing('surface.energies'),
});
