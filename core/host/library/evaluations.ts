/** Evaluations for windows: the list as it grows, the images of a cell, removal that can be undone. */
import { readFile } from 'node:fs/promises';
import type { HandlersOf } from '../../contract/api';
import { AppError, fileError, systemCode } from '../../lib/errors';
import type { DatasetDesk } from './desk';
import { evaluationList } from './evaluations/list';
import { cellFile, evaluationFolder, readEvaluation } from './evaluations/manifest';
import { imageColumns } from './evaluations/records';
import { restoreEvaluation, trashEvaluation } from './evaluations/trash';

type EvaluationCall = 'evaluations.follow' | 'evaluations.images' | 'evaluations.remove' | 'evaluations.restore';

export function evaluationHandlers({
  dataFolder,
}: Pick<DatasetDesk, 'dataFolder'>): Pick<HandlersOf<'library'>, EvaluationCall> {
  const list = evaluationList(dataFolder);
  return {
    'evaluations.follow': (_input, { signal }) => list.follow(signal),
    async 'evaluations.images'({ id, cell }) {
      const folder = await evaluationFolder(dataFolder, id);
      const { cells } = await readEvaluation(folder);
      if (cell >= cells.length)
        throw new AppError('BAD_OPTION', `Cell ${cell} is asked for; '${id}' has cells 0 to ${cells.length - 1}.`);
      return imageColumns(await cellBytes(cellFile(folder, cell)));
    },
    'evaluations.remove': ({ id }) => trashEvaluation(dataFolder, id),
    async 'evaluations.restore'({ trashed }) {
      await restoreEvaluation(dataFolder, trashed);
      return null;
    },
  };
}

/** Of a cell that has not begun, none. */
const cellBytes = (file: string): Promise<Uint8Array> =>
  readFile(file).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return new Uint8Array();
    throw fileError(error, file, 'read an evaluation');
  });
