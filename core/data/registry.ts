/** All datasets that Lowland knows by name. Those with a `source` are added to the data folder; the others are always there. */
import { Registry } from '../lib/registry';
import type { DatasetEntry } from './dataset';
import { cifar10, cifar100 } from './sources/cifar';
import { fashionMnist, mnist } from './sources/mnist';
import type { Source } from './sources/source';
import { svhn } from './sources/svhn';
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
    summary: 'The first 1,200 training and 200 test images of each class of Fashion-MNIST: part of Lowland.',
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
  {
    id: 'cifar10',
    title: 'CIFAR-10',
    summary: 'Animals and vehicles: 60,000 colour images of 32x32 in 10 classes.',
    reference: 'Krizhevsky 2009',
    licence: 'None stated; cite Krizhevsky 2009',
    home: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    options: {},
    source: cifar10,
  },
  {
    id: 'cifar100',
    title: 'CIFAR-100',
    summary: 'Animals, plants and things: 60,000 colour images of 32x32 in 100 classes.',
    reference: 'Krizhevsky 2009',
    licence: 'None stated; cite Krizhevsky 2009',
    home: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    options: {},
    source: cifar100,
  },
  {
    id: 'svhn',
    title: 'SVHN',
    summary: 'Digits of house numbers: 99,289 colour images of 32x32 in 10 classes.',
    reference: 'Netzer et al. 2011',
    licence: 'Non-commercial use only',
    home: 'http://ufldl.stanford.edu/housenumbers/',
    options: {},
    source: svhn,
  },
  ...toyEntries,
]);
