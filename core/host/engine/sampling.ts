import type { HandlersOf } from '../../contract/api';
import { missing } from '../missing';
import type { EngineDesk } from './desk';

export const samplingHandlers = (
  _desk: EngineDesk,
): Pick<HandlersOf<'engine'>, 'sampling.open' | 'sampling.advance' | 'sampling.close'> => ({
  'sampling.open': missing('sampling.open'),
  'sampling.advance': missing('sampling.advance'),
  'sampling.close': missing('sampling.close'),
});
