/**
 * What the handlers of the engine process share: one engine, the models that were used last, datasets. Handlers run between the steps
 * of a job: whatever they compute is one step at a time, with an await after each.
 */
import { stat } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { CompileOptions, Engine } from '../../engine/engine';
import { AppError, fileError } from '../../lib/errors';
import { type LoadedModel, findModel, locateModel } from '../../models/library';
import { type Classifier, classifier } from '../../models/model';
import type { DatasetDesk, OpenDataset } from '../library/desk';

export interface OpenModel extends Pick<LoadedModel, 'name' | 'classes' | 'dataset' | 'card'> {
  readonly classifier: Classifier;
}

export interface EngineDesk extends DatasetDesk {
  /** Opened when it is first needed. */
  engine(): Promise<Engine>;
  /**
   * Uses a model: it stays loaded while `use` runs, and some while after.
   * @throws AppError as findModel.
   */
  withModel<T>(name: string, use: (model: OpenModel, engine: Engine) => Promise<T>): Promise<T>;
  /** How one-off steps are compiled. */
  readonly compile: CompileOptions;
}

interface Entry {
  readonly loaded: Promise<LoadedModel>;
  users: number;
}

/** Models kept on the engine besides those in use. */
const kept = 6;

export function engineDesk(datasets: DatasetDesk, open: () => Promise<Engine>): EngineDesk {
  let opened: Promise<Engine> | undefined;
  const models = new Map<string, Entry>();
  const engine = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const trim = () => {
    for (const [name, entry] of models) {
      if (models.size <= kept) return;
      if (entry.users > 0) continue;
      models.delete(name);
      void entry.loaded.then(({ weights }) => tf.dispose({ ...weights })).catch(() => undefined);
    }
  };
  return {
    ...datasets,
    engine,
    compile: {},
    async withModel(name, use) {
      const active = await engine();
      const version = await fileVersion(name, datasets.dataFolder);
      const entry = models.get(version) ?? { loaded: findModel(name, datasets.dataFolder), users: 0 };
      models.delete(version);
      models.set(version, entry);
      entry.users++;
      try {
        const loaded = await entry.loaded;
        return await use({ ...loaded, classifier: classifier(loaded.model, loaded.weights) }, active);
      } catch (error) {
        await entry.loaded.catch(() => models.delete(version));
        throw error;
      } finally {
        entry.users--;
        trim();
      }
    },
  };
}

/** The file behind a name and its age: the newest weights of a run change while it trains. */
async function fileVersion(name: string, dataFolder: string): Promise<string> {
  const { file } = await locateModel(name, dataFolder);
  const { mtimeMs } = await stat(file).catch((error: unknown) => {
    throw fileError(error, file, 'read a model');
  });
  return `${file}@${mtimeMs}`;
}

/** @throws AppError BAD_DATA when the images or classes of a dataset do not fit the model. */
export function checkFit({ name, classifier: { inputShape, classes } }: OpenModel, data: OpenDataset): void {
  const [wanted, given] = [inputShape.join('x'), data.train.shape.join('x')];
  if (wanted !== given || data.classes.length !== classes)
    throw new AppError(
      'BAD_DATA',
      `'${name}' takes ${wanted} images of ${classes} classes; '${data.id}' has ${given} images of ${data.classes.length}.`,
      'Choose another model or dataset.',
    );
}
