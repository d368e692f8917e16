/** The results of the data commands in words. */
import type { ClassRow, ListedDataset } from '../data/list';
import type { CheckedFile } from '../data/read-source';
import { textTable } from './table';

export function listText(datasets: readonly ListedDataset[], dataFolder: string): string {
  const rows = datasets.map(({ id, state, summary, licence, bytes, problem }) => [
    id,
    state,
    bytes === undefined ? '' : `${(bytes / 1e6).toFixed(0)} MB`,
    problem ?? summary,
    licence,
  ]);
  return [
    textTable(['dataset', '', 'size', 'what it is', 'licence'], rows),
    '',
    `Added ones are in ${dataFolder}`,
  ].join('\n');
}

interface Checked {
  readonly dataset: string;
  readonly images: number;
  readonly classes: readonly ClassRow[];
  readonly files: readonly CheckedFile[];
}

export function checkText({ dataset, images, classes, files }: Checked): string {
  const sums =
    files.length > 0
      ? [
          textTable(
            ['file', 'sum', ''],
            files.map(({ name, sum, ok }) => [name, sum, ok ? 'ok' : 'not compared: no sum is known']),
          ),
          '',
        ]
      : [];
  return [...sums, classText(classes), '', `${dataset}: all ${images.toLocaleString('en')} images are right.`].join(
    '\n',
  );
}

interface Statistics {
  readonly dataset: string;
  readonly shape: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly classes: readonly ClassRow[];
}

export function statsText({ dataset, shape, mean, std, classes }: Statistics): string {
  const channels = mean.map((value, c) => [String(c), value.toFixed(4), (std[c] ?? 0).toFixed(4)]);
  return [
    `${dataset}: ${shape.join('x')}`,
    '',
    textTable(['channel', 'mean', 'std'], channels),
    '',
    classText(classes),
  ].join('\n');
}

const classText = (classes: readonly ClassRow[]): string =>
  textTable(
    ['class', 'train', 'test'],
    classes.map(({ name, train, test }) => [name, String(train), String(test)]),
  );
