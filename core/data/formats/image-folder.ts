/**
 * A folder of PNG and JPEG images, one subfolder a class. Where it has subfolders 'train' and 'test' (or 'val'), these have the classes
 * each. All images must be of one size; where one is in colour, all are read so.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError, throwIfCancelled } from '../../lib/errors';
import { readBounded } from '../../lib/read-bounded';
import type { Split } from '../dataset';
import { type Image, decodeImage, imageExtension } from './image';
import { filesBelow } from './members';

const largestFile = 64 * 2 ** 20;
const largestDataset = 2 ** 32 - 1;

export interface FolderImages {
  readonly classes: readonly string[];
  readonly train: Split;
  /** Undefined where the folder does not say which images are for testing. */
  readonly test: Split | undefined;
}

export interface FolderReading {
  readonly signal: AbortSignal;
  readonly moved: (done: number, total: number) => void;
}

/** @throws AppError NOT_FOUND, BAD_FILE for an image that cannot be read, BAD_DATA for images of different sizes or no classes. */
export async function readImageFolder(folder: string, reading: FolderReading): Promise<FolderImages> {
  const below = await subfolders(folder);
  const [train, test] = [below.find(named('train')), below.find(named('test', 'val', 'valid', 'validation'))];
  const roots = train && test ? { train, test } : { train: '', test: undefined };
  const classes = await subfolders(path.join(folder, roots.train));
  if (classes.length === 0)
    throw new AppError(
      'BAD_DATA',
      `'${folder}' has no subfolders.`,
      'Put the images of each class into a subfolder with its name.',
    );
  const list = async (root: string) => {
    const known = await subfolders(path.join(folder, root));
    const strange = known.find((name) => !classes.includes(name));
    if (strange !== undefined)
      throw new AppError(
        'BAD_DATA',
        `'${strange}' in '${path.join(folder, root)}' is no class of the training images.`,
      );
    return (
      await Promise.all(known.map((name) => imagesOf(path.join(folder, root, name), classes.indexOf(name))))
    ).flat();
  };
  const lists = { train: await list(roots.train), test: roots.test === undefined ? [] : await list(roots.test) };
  const images = await decodeAll(
    [...lists.train, ...lists.test].map(({ file }) => file),
    folder,
    reading,
  );
  const channels = images.some((image) => image.channels === 3) ? 3 : 1;
  const split = (of: readonly Labelled[], from: number): Split =>
    assemble(images.slice(from, from + of.length), of, channels);
  return {
    classes,
    train: split(lists.train, 0),
    test: roots.test === undefined ? undefined : split(lists.test, lists.train.length),
  };
}

interface Labelled {
  readonly file: string;
  readonly label: number;
}

const named =
  (...names: readonly string[]) =>
  (folder: string): boolean =>
    names.includes(folder.toLowerCase());

async function subfolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw fileError(error, folder, 'read the images');
  }
}

async function imagesOf(folder: string, label: number): Promise<Labelled[]> {
  const files = (await filesBelow(folder)).filter((file) => imageExtension.test(file));
  if (files.length === 0)
    throw new AppError('BAD_DATA', `'${folder}' has no PNG or JPEG images.`, 'Each class needs some.');
  return files.map((file) => ({ file, label }));
}

async function decodeAll(files: readonly string[], folder: string, { signal, moved }: FolderReading): Promise<Image[]> {
  const images: Image[] = [];
  for (const file of files) {
    throwIfCancelled(signal);
    const image = decodeImage(await readBounded(file, largestFile, 'read the images'), file);
    const first = images[0] ?? image;
    if (image.height !== first.height || image.width !== first.width)
      throw new AppError(
        'BAD_DATA',
        `'${file}' is ${image.width}x${image.height}; '${files[0] ?? ''}' is ${first.width}x${first.height}.`,
        'All images of a dataset must be of one size.',
      );
    if (files.length * image.height * image.width * 3 > largestDataset)
      throw new AppError(
        'BAD_DATA',
        `The ${files.length} images of ${image.width}x${image.height} in '${folder}' do not fit into 4 GB.`,
        'Scale them down first.',
      );
    images.push(image);
    moved(images.length, files.length);
  }
  return images;
}

function assemble(images: readonly Image[], of: readonly Labelled[], channels: 1 | 3): Split {
  const { height = 1, width = 1 } = images[0] ?? {};
  const stride = height * width * channels;
  const pixels = new Uint8Array(images.length * stride);
  images.forEach((image, n) => {
    if (image.channels === channels) pixels.set(image.pixels, n * stride);
    else for (let i = 0; i < stride; i++) pixels[n * stride + i] = image.pixels[Math.floor(i / 3)] ?? 0;
  });
  return {
    shape: [height, width, channels],
    size: images.length,
    labels: Int32Array.from(of, ({ label }) => label),
    pixels,
  };
}
