/**
 * PyTorch checkpoints: the zip form (since 1.6) with one member for each storage, and the older one of pickles in a row with the
 * storages behind them. A pickle is read by a vocabulary of a few names (torch-pickle); no code of a file is ever run.
 */
import { brief } from '../../lib/brief';
import { AppError } from '../../lib/errors';
import type { Pickled } from '../../lib/pickle';
import type { RawTensor } from '../safetensors';
import { openLegacy } from './torch-legacy';
import { TorchTensor } from './torch-pickle';
import { countOf, numbersOf } from './torch-view';
import { openZip } from './torch-zip';

const mostNumbers = 2 ** 24;
const deepest = 16;

export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
const isTar = (bytes: Uint8Array): boolean =>
  bytes.length > 262 && Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar';

/** Whether these are the first bytes of a PyTorch file: a zip archive, a pickle, or a tar archive. */
export const looksLikeTorch = (bytes: Uint8Array): boolean => isZip(bytes) || bytes[0] === 0x80 || isTar(bytes);

/**
 * Every tensor of a checkpoint by its path ('state_dict.conv1.weight'), in the order of the file, as float32 or int32.
 * @throws AppError BAD_FILE for a damaged file, for what is no data, and for the tar form of PyTorch before 0.4.
 */
export function readTorch(bytes: Uint8Array, where: string): Map<string, RawTensor> {
  if (isTar(bytes))
    throw new AppError(
      'BAD_FILE',
      `'${where}' is a checkpoint of PyTorch before 0.4, in tar form, which is not read.`,
      'Load it in PyTorch and save its state_dict again with torch.save.',
    );
  const { content, bytesOf } = isZip(bytes) ? openZip(bytes, where) : openLegacy(bytes, where);
  const bad = (what: string) => new AppError('BAD_FILE', `'${where}' ${what}.`, 'Save model.state_dict() alone.');
  const tensors = new Map<string, RawTensor>();
  const seen = new Set<Pickled>();
  let numbers = 0;

  /** Goes through dicts and lists, each once: they may hold themselves. */
  function walk(value: Pickled, path: readonly string[]): void {
    if (value instanceof TorchTensor) {
      const name = path.join('.');
      numbers += countOf(value);
      // every number has a byte of its own in the file, unless many tensors share one storage
      if (numbers > Math.max(mostNumbers, bytes.length)) throw bad(`unfolds to more than ${numbers - 1} numbers`);
      if (tensors.has(name)) throw bad(`has two tensors '${brief(name)}'`);
      tensors.set(name, numbersOf(value, bytesOf, `${where}: ${brief(name)}`));
    }
    if (!(value instanceof Map || Array.isArray(value)) || seen.has(value)) return;
    if (path.length >= deepest) throw bad(`is nested deeper than ${deepest} levels`);
    seen.add(value);
    for (const [name, item] of value.entries()) walk(item, [...path, String(name)]);
  }
  walk(content, []);
  return tensors;
}
