/** What `lowland metrics` is asked to compare, by what its words name: a file, a folder, or a dataset. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { loadSource } from '../data/load';
import { AppError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { folderSet } from '../metrics/generation/folder-set';
import { type ImageSet, npzSet, splitSet } from '../metrics/generation/image-set';
import type { Reference } from '../metrics/generation/measure';
import { readStatistics } from '../metrics/generation/statistics-file';
import type { CommandContext } from './command';

type Places = Pick<CommandContext, 'dataFolder' | 'seed'>;

const isNpz = (asked: string): boolean => asked.toLowerCase().endsWith('.npz');

/** @throws AppError NOT_FOUND, UNKNOWN_NAME, BAD_FILE, BAD_DATA. */
export async function imagesNamed(asked: string, places: Places): Promise<ImageSet> {
  if (isNpz(asked)) return npzSet(asked);
  if (existsSync(asked) && statSync(asked).isDirectory()) return folderSet(asked);
  if (existsSync(asked) || /[\\/]/.test(asked)) throw notThere(asked);
  const [name = '', split = 'train', ...more] = asked.split(':');
  const data = await loadSource(name, places);
  if (more.length > 0 || (split !== 'train' && split !== 'test')) throw unknownName('split', split, ['train', 'test']);
  return splitSet(`${name}:${split}`, data[split]);
}

/** @throws AppError as `imagesNamed`. */
export async function referenceNamed(asked: string, places: Places): Promise<Reference> {
  const moments = isNpz(asked) ? await readStatistics(asked) : undefined;
  return moments ? { name: path.basename(asked), moments } : imagesNamed(asked, places);
}

const notThere = (asked: string): AppError =>
  existsSync(asked)
    ? new AppError('BAD_FILE', `'${asked}' is neither a folder nor an .npz file.`, 'Put images into a folder.')
    : new AppError('NOT_FOUND', `There is no folder '${asked}'.`, 'Check the path.');
