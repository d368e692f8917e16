/**
 * The form of PyTorch checkpoints before 1.6: pickles in a row (a magic number, a version, the machine, the content, the keys of the
 * storages), then each storage as the count of its numbers and the numbers.
 */
import { brief } from '../../lib/brief';
import { AppError } from '../../lib/errors';
import { type Pickled, readPickle } from '../../lib/pickle';
import { typeBytes } from '../floats';
import { type OpenedTorch, TorchStorage, torchObjects } from './torch-pickle';

/** \x80\x02 (protocol 2), \x8a\x0a (a number of ten bytes), the number. */
const magic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/** @throws AppError BAD_FILE for a damaged file, another pickle, and one of a big-endian machine. */
export function openLegacy(bytes: Uint8Array, where: string): OpenedTorch {
  const bad = (what: string) => new AppError('BAD_FILE', `'${where}' ${what}.`, torchObjects.hint);
  if (!magic.every((byte, i) => bytes[i] === byte)) throw bad('is a pickle, but no PyTorch checkpoint');
  const storages = new Map<string, TorchStorage>();
  const vocabulary = {
    ...torchObjects,
    persistent(id: Pickled): Pickled | undefined {
      const found = torchObjects.persistent?.(id);
      if (found instanceof TorchStorage) storages.set(found.key, found);
      return found;
    },
  };
  let at = 0;
  const next = (): Pickled => {
    const { value, end } = readPickle(bytes, where, vocabulary, at);
    at = end;
    return value;
  };
  next();
  next();
  const machine = next();
  if (machine instanceof Map && machine.get('little_endian') === false)
    throw bad('was written on a big-endian machine, which is not read');
  const content = next();
  const keys = next();
  if (!Array.isArray(keys)) throw bad('has no list of its storages');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) throw bad(`has a storage '${brief(String(key))}' that no tensor names`);
    const size = storage.length * (typeBytes(storage.type) ?? 1);
    if (at + 8 + size > bytes.length) throw bad('is cut off');
    if (view.getBigInt64(at, true) !== BigInt(storage.length))
      throw bad(`has a storage '${brief(storage.key)}' of two sizes`);
    found.set(storage.key, bytes.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  return { content, bytesOf: ({ key }) => found.get(key) };
}
