/** Models for windows: the list, cards with tensors, import from bytes, removal that can be undone, export. */
import { readFile } from 'node:fs/promises';
import type { HandlersOf } from '../../contract/api';
import { maxFrame } from '../../contract/codec';
import type { ModelRow } from '../../contract/areas/models';
import { AppError, fileError } from '../../lib/errors';
import { resolve } from '../../lib/options';
import { type ImportRequest, importWeights } from '../../models/import';
import { cardOf, listModels, locateModel } from '../../models/library';
import { buildModel, modelRegistry } from '../../models/registry';
import { describedModel } from '../../models/weights';
import type { DatasetDesk } from './desk';
import { weightsHeader } from './models/header';
import { runModels } from './models/runs';
import { restoreModel, trashModel } from './models/trash';

type ModelCall = 'models.list' | 'models.show' | 'models.import' | 'models.remove' | 'models.restore' | 'models.export';

/** Of one message, with room for what else it says. */
const largest = maxFrame - 2 ** 20;

export function modelHandlers(
  desk: Pick<DatasetDesk, 'dataFolder' | 'dataset'>,
): Pick<HandlersOf<'library'>, ModelCall> {
  const { dataFolder } = desk;
  return {
    'models.list': () => allModels(dataFolder),
    async 'models.show'({ model: name }) {
      const found = await locateModel(name, dataFolder);
      const { metadata, size } = await weightsHeader(found.file);
      const model = describedModel(metadata, found.file);
      const known = (await allModels(dataFolder)).find((row) => row.name === name);
      const card = { ...(await cardOf(found, model, metadata)), ...known?.card };
      const tensors = model.parameters.map(({ name: tensor, shape, trainable }) => ({
        name: tensor,
        shape,
        trainable,
      }));
      return { ...known, name, source: found.source, card, inputShape: model.inputShape, size, tensors };
    },
    async 'models.import'({ name, bytes, file, architecture, options, dataset }) {
      const described = await describe(desk, architecture, options, dataset);
      const { card, report } = await importWeights({ bytes, where: file || name, name, dataFolder, ...described });
      return { name, source: 'imported', card, report };
    },
    'models.remove': ({ model }) => trashModel(dataFolder, model),
    async 'models.restore'({ trashed }) {
      const name = await restoreModel(dataFolder, trashed);
      const restored = (await allModels(dataFolder)).find((row) => row.name === name);
      return restored ?? { name, source: 'imported' };
    },
    async 'models.export'({ model }) {
      const { name, file } = await locateModel(model, dataFolder);
      const { size } = await weightsHeader(file);
      if (size > largest)
        throw new AppError('FAILED', `The weights of '${model}' have ${size} bytes.`, `Copy them from '${file}'.`);
      const bytes = await readFile(file).catch((error: unknown) => {
        throw fileError(error, file, 'export a model');
      });
      return { name: `${name.split('/').join('-')}.safetensors`, bytes };
    },
  };
}

async function allModels(dataFolder: string): Promise<ModelRow[]> {
  const named = (await listModels(dataFolder)).map(({ file: _file, ...row }): ModelRow => row);
  return [...named, ...(await runModels(dataFolder))];
}

/** What the weights are of: as the window says, or as their file says. @throws AppError USAGE where half of it is said. */
async function describe(
  desk: Pick<DatasetDesk, 'dataset'>,
  architecture: string,
  given: Readonly<Record<string, unknown>>,
  dataset: string,
): Promise<Pick<ImportRequest, 'model' | 'metadata'>> {
  if (!architecture) return { model: undefined, metadata: dataset ? await dataOf(desk, dataset) : {} };
  if (!dataset)
    throw new AppError('USAGE', 'The architecture needs a dataset, for the size of its images and its classes.');
  const entry = modelRegistry.get(architecture);
  const options = resolve(entry.options, given, entry.id);
  const { train, classes } = await desk.dataset(dataset);
  return { model: buildModel(entry.id, options, train.shape, classes.length), metadata: await dataOf(desk, dataset) };
}

const dataOf = async (desk: Pick<DatasetDesk, 'dataset'>, dataset: string) => ({
  dataset,
  classes: JSON.stringify((await desk.dataset(dataset)).classes),
});
