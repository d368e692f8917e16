/** Everything the library process answers. */
import type { HandlersOf } from '../../contract/api';
import { catalogueHandlers } from './catalogue';
import { datasetHandlers } from './datasets';
import type { DatasetDesk } from './desk';
import { evaluationHandlers } from './evaluations';
import { figureHandlers } from './figures';
import { modelHandlers } from './models';
import { runHandlers } from './runs';
import { suiteHandlers } from './suites';
import { emptyTrash, trashSize } from './trash';

export const libraryHandlers = (desk: DatasetDesk): HandlersOf<'library'> => ({
  ...catalogueHandlers(desk),
  ...datasetHandlers(desk),
  ...modelHandlers(desk),
  ...runHandlers(desk),
  ...evaluationHandlers(desk),
  ...suiteHandlers(desk),
  ...figureHandlers(desk),
  'trash.size': () => trashSize(desk.dataFolder),
  'trash.empty': () => emptyTrash(desk.dataFolder),
});
