/** Everything the engine process answers to windows. */
import type { HandlersOf } from '../../contract/api';
import type { EngineDesk } from './desk';
import { samplingHandlers } from './sampling';
import { scoreHandlers } from './scores';
import { surfaceHandlers } from './surface';

export const engineHandlers = (desk: EngineDesk): HandlersOf<'engine'> => ({
  ...scoreHandlers(desk),
  ...samplingHandlers(desk),
  ...surfaceHandlers(desk),
});
