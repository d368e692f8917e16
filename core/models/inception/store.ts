/** Inception's weights in the data folder: fetched from their home or taken from a file, checked, and opened on an engine. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Fetching, download } from '../../data/download';
import type { CompileOptions, Compiler } from '../../engine/engine';
import { writeAtomic } from '../../lib/atomic';
import { AppError } from '../../lib/errors';
import { openWeights } from '../checkpoints/open';
import { decodeSafetensors, encodeSafetensors } from '../safetensors';
import { readWeightsFile } from '../weights';
import { type FeatureNetwork, inceptionNetwork } from './extractor';
import type { FeatureLayer } from './graph';
import { foldedWeights, inceptionTensors } from './weights';

/** torch-fidelity's conversion of the published graph; the end of its name is the beginning of its SHA-256. */
export const inceptionHome = {
  url: 'https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth',
  sha256: '6726825d',
};

export const inceptionFile = (dataFolder: string): string =>
  path.join(dataFolder, 'inception', 'inception-2015-12-05.safetensors');

export interface InceptionSource {
  readonly url: string;
  /** How the file's SHA-256 begins. */
  readonly sha256: string;
}

/**
 * Stores the weights, from `from` or else from their home; what is there stays.
 * @throws AppError NO_NETWORK, CHECKSUM when it is another file, NOT_FOUND, BAD_FILE, DISK_FULL, NOT_WRITABLE, CANCELLED.
 */
export async function storeInception(
  dataFolder: string,
  { from, fetching, home = inceptionHome }: { from: string; fetching: Fetching; home?: InceptionSource },
): Promise<{ file: string; fetched: boolean }> {
  const file = inceptionFile(dataFolder);
  if (existsSync(file)) return { file, fetched: false };
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const remote = { file: path.basename(new URL(home.url).pathname), urls: [home.url] };
  const given = from || (await download(remote, folder, fetching));
  try {
    const bytes = await readWeightsFile(given);
    const sum = createHash('sha256').update(bytes).digest('hex');
    if (!sum.startsWith(home.sha256))
      throw new AppError(
        'CHECKSUM',
        `'${given}' has the SHA-256 ${sum.slice(0, 16)}…; Inception's weights begin with ${home.sha256}.`,
        `Get ${path.basename(home.url)} from torch-fidelity's releases.`,
      );
    const tensors = inceptionTensors(openWeights(bytes, given).tensors, given);
    await writeAtomic(file, encodeSafetensors(tensors, { source: home.url }));
  } finally {
    if (!from) await rm(given, { force: true });
  }
  return { file, fetched: true };
}

/** @throws AppError NOT_FOUND saying how to get them, BAD_FILE. */
export async function openInception(
  engine: Compiler,
  dataFolder: string,
  compile: CompileOptions = {},
  layer?: FeatureLayer,
): Promise<FeatureNetwork> {
  const file = inceptionFile(dataFolder);
  if (!existsSync(file))
    throw new AppError(
      'NOT_FOUND',
      'The weights of Inception are not here, without which there is no FID or Inception Score.',
      "Get them with 'lowland metrics fetch-inception', or compare by the features of a model of yours: --features MODEL.",
    );
  const { tensors } = decodeSafetensors(await readWeightsFile(file), file);
  return inceptionNetwork(engine, foldedWeights(inceptionTensors(tensors, file)), compile, layer);
}
