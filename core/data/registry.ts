/** All datasets that Lowland knows by name. Those with a `source` are added to the data folder; the others are always there. */
import { Registry } from '../lib/registry';
import type { DatasetEntry } from './dataset';
import { fashionMnist, mnist } from './sources/mnist';
import type { Source } from './sources/source';
import { toyEntries } from './toys';

export interface KnownDataset extends DatasetEntry {
  readonly source?: Source;
}

export const embeddedId = 'fashion-mnist-mini';

const fashion = {
  reference: 'arXiv 1708.07747',
  licence: 'MIT',
  home: 'https://github.com/zalandoresearch/fashion-mnist',
  options: {},
};

export const datasetRegistry = new Registry<KnownDataset>('dataset', [
  {
    ...fashion,
    id: embeddedId,
    title: 'Fashion-MNIST mini',
    summary: '12,000 training and 2,000 test images of Fashion-MNIST, part of Lowland.',
  },
  {
    ...fashion,
    id: 'fashion-mnist',
    title: 'Fashion-MNIST',
    summary: 'Articles of clothing: 70,000 grey images of 28x28 in 10 classes.',
    source: fashionMnist,
  },
  {
    id: 'mnist',
    title: 'MNIST',
    summary: 'Handwritten digits: 70,000 grey images of 28x28 in 10 classes.',
    reference: 'LeCun et al. 1998',
    licence: 'CC BY-SA 3.0',
    home: 'http://yann.lecun.com/exdb/mnist/',
    options: {},
    source: mnist,
  },
  ...toyEntries,
]);
