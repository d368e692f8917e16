/**
 * PyTorch checkpoints: the zip form (since 1.6) with one member for each storage, and the older one of pickles in a row with the
 * storages behind them. A pickle is read by a vocabulary of a few names (torch-pickle); no code of a file is ever run.
 */
import { readZip } from '../../data/formats/zip';
import { AppError } from '../../lib/errors';
import { type Pickled, readPickle } from '../../lib/pickle';
import { decodeNumbers, typeBytes } from '../floats';
import type { RawTensor } from '../safetensors';
import { type TorchStorage, TorchTensor, torchObjects } from './torch-pickle';

/** PyTorch stores its members unpacked; an archive that grows by more than this is no checkpoint. */
const largestMember = (bytes: Uint8Array): number => Math.max(2 ** 26, bytes.length);

/** Whether these are the first bytes of a PyTorch file: a zip archive, a pickle, or a tar archive. */
export const looksLikeTorch = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0x50 && bytes[1] === 0x4b) || bytes[0] === 0x80 || isTar(bytes);
const isTar = (bytes: Uint8Array): boolean =>
  bytes.length > 262 && Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar';

/** Everything of a checkpoint, its tensors still views. */
interface Opened {
  readonly content: Pickled;
  readonly bytesOf: (storage: TorchStorage) => Uint8Array | undefined;
}

/**
 * Every tensor of a checkpoint by its path ('state_dict.conv1.weight'), as float32 or int32.
 * @throws AppError BAD_FILE for a damaged file, for what is no data, and for the tar form of PyTorch before 0.4.
 */
export function readTorch(bytes: Uint8Array, where: string): Record<string, RawTensor> {
  if (isTar(bytes))
    throw new AppError(
      'BAD_FILE',
      `'${where}' is a checkpoint of PyTorch before 0.4, in tar form, which is not read.`,
      'Load it in PyTorch and save its state_dict again with torch.save.',
    );
  const { content, bytesOf } = bytes[0] === 0x50 ? openZip(bytes, where) : openLegacy(bytes, where);
  const tensors: [string, RawTensor][] = [];
  let numbers = 0;
  walk(content, '', (path, tensor) => {
    numbers += countOf(tensor);
    // every number has its bytes in the file, unless many tensors share one storage
    if (numbers > 4 * Math.max(2 ** 20, bytes.length))
      throw new AppError('BAD_FILE', `'${where}' unfolds to more than ${numbers} numbers.`, 'The file is damaged.');
    tensors.push([path, numbersOf(tensor, bytesOf, `${where}: ${path}`)]);
  });
  return Object.fromEntries(tensors);
}

function openZip(bytes: Uint8Array, where: string): Opened {
  const members = readZip(
    bytes,
    where,
    (name) => /(^|\/)(data\.pkl|byteorder|data\/\w+)$/.test(name),
    largestMember(bytes),
  );
  const pickle = [...members.keys()].find((name) => name.endsWith('data.pkl'));
  const content = pickle && members.get(pickle);
  if (!content)
    throw new AppError('BAD_FILE', `'${where}' is a zip archive, but no PyTorch checkpoint.`, 'It has no data.pkl.');
  const root = pickle.slice(0, -'data.pkl'.length);
  const order = members.get(`${root}byteorder`);
  if (order && Buffer.from(order).toString('latin1') !== 'little')
    throw new AppError('BAD_FILE', `'${where}' was written on a big-endian machine, which is not read.`);
  return {
    content: readPickle(content, where, torchObjects).value,
    bytesOf: ({ key }) => members.get(`${root}data/${key}`),
  };
}

const legacyMagic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

function openLegacy(bytes: Uint8Array, where: string): Opened {
  // \x80\x02 (protocol) \x8a\x0a (a number of ten bytes)
  if (!legacyMagic.every((byte, i) => bytes[i + 4] === byte))
    throw new AppError('BAD_FILE', `'${where}' is a pickle, but no PyTorch checkpoint.`, torchObjects.hint);
  let at = 0;
  const next = (): Pickled => {
    const { value, end } = readPickle(bytes, where, torchObjects, at);
    at = end;
    return value;
  };
  next();
  next();
  next();
  const content = next();
  const keys = next();
  const wanted = storagesOf(content);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  for (const key of Array.isArray(keys) ? keys : []) {
    const storage = typeof key === 'string' ? wanted.get(key) : undefined;
    if (!storage) continue;
    if (at + 8 > bytes.length) break;
    const count = Number(view.getBigInt64(at, true));
    const size = count * (typeBytes(storage.type) ?? 0);
    at += 8;
    if (!(count >= 0) || at + size > bytes.length) break;
    found.set(storage.key, bytes.subarray(at, at + size));
    at += size;
  }
  return { content, bytesOf: ({ key }) => found.get(key) };
}

/** Calls for each tensor, with the names of the dicts and the places in the lists that lead to it. */
function walk(value: Pickled, path: string, found: (path: string, tensor: TorchTensor) => void, depth = 0): void {
  if (depth > 16) return;
  if (value instanceof TorchTensor) found(path, value);
  const entries =
    value instanceof Map ? [...value] : Array.isArray(value) ? value.map((item, i) => [String(i), item] as const) : [];
  for (const [name, item] of entries) walk(item, path === '' ? name : `${path}.${name}`, found, depth + 1);
}

function storagesOf(content: Pickled): Map<string, TorchStorage> {
  const storages = new Map<string, TorchStorage>();
  walk(content, '', (_path, { storage }) => storages.set(storage.key, storage));
  return storages;
}

const countOf = ({ shape }: TorchTensor): number => shape.reduce((product, size) => product * size, 1);

/** The numbers of a view, in C order. @throws AppError BAD_FILE for one that leaves its storage. */
function numbersOf(tensor: TorchTensor, bytesOf: Opened['bytesOf'], where: string): RawTensor {
  const { storage, offset, shape, strides } = tensor;
  const bad = (what: string) => new AppError('BAD_FILE', `'${where}' ${what}.`, 'The file is damaged.');
  const bytes = bytesOf(storage);
  if (!bytes) throw bad(`refers to a storage '${storage.key}' that is not there`);
  const count = countOf(tensor);
  const last = count === 0 ? -1 : offset + shape.reduce((sum, size, i) => sum + (size - 1) * (strides[i] ?? 0), 0);
  if (last >= storage.length || count > storage.length) throw bad(`has ${count} numbers, more than its storage`);
  if (bytes.length < storage.length * (typeBytes(storage.type) ?? Infinity)) throw bad('has a storage that is cut off');
  const values = converted(bytes, storage.type);
  const data = values instanceof Int32Array ? new Int32Array(count) : new Float32Array(count);
  const at = new Array<number>(shape.length).fill(0);
  for (let i = 0, from = offset; i < count; i++) {
    data[i] = values[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] ?? 0;
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) < (shape[axis] ?? 0)) break;
      from -= (shape[axis] ?? 0) * (strides[axis] ?? 0);
      at[axis] = 0;
    }
  }
  return { shape: [...shape], data };
}

function converted(bytes: Uint8Array, type: TorchStorage['type']): Float32Array | Int32Array {
  const own = new Uint8Array(bytes).buffer;
  switch (type) {
    case 'F64':
      return Float32Array.from(new Float64Array(own.slice(0, own.byteLength - (own.byteLength % 8))));
    case 'I64':
      return Int32Array.from(new BigInt64Array(own.slice(0, own.byteLength - (own.byteLength % 8))), Number);
    case 'I16':
      return Int32Array.from(new Int16Array(own));
    case 'I8':
      return Int32Array.from(new Int8Array(own));
    case 'U8':
    case 'BOOL':
      return Int32Array.from(bytes);
    default:
      return decodeNumbers(bytes, type);
  }
}
