/** Datasets for windows: what there are, their images, and what is near to an image. */
import { budgetFor } from '../../attacks/budgets';
import type { HandlersOf } from '../../contract/api';
import type { DatasetDetails } from '../../contract/areas/datasets';
import { removeDataset } from '../../data/add';
import { gather } from '../../data/batches';
import { valuesOf } from '../../data/dataset';
import { channelStatistics, classTable, listDatasets } from '../../data/list';
import { parseTransforms, transformBatch } from '../../data/transforms';
import { key } from '../../lib/key';
import { imageArchive } from './datasets/archive';
import { nearestImages } from './datasets/nearest';
import { chosenImages, reducedShape, tiles } from './datasets/tiles';
import { discardUpload, receivePiece } from './datasets/uploads';
import { type DatasetDesk, type OpenDataset, checkedIndex } from './desk';

type DatasetCall =
  | 'datasets.list'
  | 'datasets.open'
  | 'datasets.labels'
  | 'datasets.tiles'
  | 'datasets.values'
  | 'datasets.nearest'
  | 'datasets.augment'
  | 'datasets.export'
  | 'datasets.upload'
  | 'datasets.discard'
  | 'datasets.remove';

export function datasetHandlers(desk: DatasetDesk): Pick<HandlersOf<'library'>, DatasetCall> {
  const { dataFolder } = desk;
  /** Going through all pixels takes a second for 50,000 images: once for as long as the dataset stays open. */
  const known = new WeakMap<OpenDataset, DatasetDetails>();
  return {
    'datasets.list': () => listDatasets(dataFolder),
    async 'datasets.open'({ dataset }) {
      const data = await desk.dataset(dataset);
      const found = known.get(data) ?? details(data);
      known.set(data, found);
      return found;
    },
    async 'datasets.labels'({ dataset, side }) {
      return { labels: (await desk.dataset(dataset))[side].labels };
    },
    async 'datasets.tiles'({ dataset, side, images, reduce }, { signal }) {
      const split = (await desk.dataset(dataset))[side];
      const indices = chosenImages(images, split, side, dataset, valuesOf(reducedShape(split.shape, reduce)));
      return { pixels: await tiles(split, indices, reduce, signal) };
    },
    async 'datasets.values'({ dataset, side, images }) {
      const split = (await desk.dataset(dataset))[side];
      return { values: gather(split, chosenImages(images, split, side, dataset, valuesOf(split.shape))).x };
    },
    async 'datasets.nearest'({ dataset, pixels, count }, { signal }) {
      return nearestImages((await desk.dataset(dataset)).train, pixels, count, signal);
    },
    async 'datasets.augment'({ dataset, side, index, transforms, count, seed }) {
      const bound = parseTransforms(transforms);
      const split = (await desk.dataset(dataset))[side];
      const batch = gather(split, new Uint32Array(count).fill(checkedIndex(split, side, index, dataset)));
      const { x } = transformBatch(batch, split.shape, bound, key(seed, 'data/transform', 0));
      return { pixels: new Uint8Array(Uint8ClampedArray.from(x, (value) => 255 * value).buffer) };
    },
    async 'datasets.export'({ dataset, side, indices }, { signal }) {
      const data = await desk.dataset(dataset);
      return imageArchive(data, side, chosenImages(indices, data[side], side, dataset, 1), signal);
    },
    'datasets.upload': (piece) => receivePiece(dataFolder, piece),
    async 'datasets.discard'({ upload }) {
      await discardUpload(dataFolder, upload);
      return null;
    },
    async 'datasets.remove'({ dataset }) {
      await removeDataset(dataset, dataFolder);
      return null;
    },
  };
}

const details = (data: OpenDataset): DatasetDetails => ({
  id: data.id,
  title: data.title,
  shape: data.train.shape,
  classes: data.classes,
  sizes: { train: data.train.size, test: data.test.size },
  counts: classTable(data),
  ...channelStatistics(data.train),
  budgets: {
    linf: budgetFor(data.train.shape[2], 'linf').eps,
    l2: budgetFor(data.train.shape[2], 'l2').eps,
    l1: budgetFor(data.train.shape[2], 'l1').eps,
  },
});
