/** What tells a model's weights from all others. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { fileError } from '../lib/errors';
import { locateModel } from './library';

/** SHA-256 of the file of weights behind a name. @throws AppError as `locateModel`, or where the file cannot be read. */
export async function weightsDigest(model: string, dataFolder: string): Promise<string> {
  const { file } = await locateModel(model, dataFolder);
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  } catch (error) {
    throw fileError(error, file, 'read a model');
  }
  return hash.digest('hex');
}
