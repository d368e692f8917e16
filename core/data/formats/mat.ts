/**
 * MATLAB's level 5 MAT-file: numeric arrays by name. A 128-byte header, then elements of (type, bytes, data), where an array is an
 * element of elements (flags, sizes, name, values) and may be compressed with zlib.
 */
import { AppError } from '../../lib/errors';
import { inflateBounded } from './gzip';

export interface MatArray {
  readonly sizes: readonly number[];
  /** In MATLAB's order: the first axis runs fastest. */
  readonly values: Uint8Array | Float64Array;
}

const miMatrix = 14;
const miCompressed = 15;
const most = 64;

/**
 * The uint8 and double arrays of the file. `limit` bounds what each may unpack to.
 * @throws AppError BAD_FILE for another format or a damaged file.
 */
export function readMat(bytes: Uint8Array, where: string, limit: number): Map<string, MatArray> {
  const bad = (what: string): AppError => new AppError('BAD_FILE', `'${where}' ${what}.`, 'Get the file anew.');
  const head = Buffer.from(bytes.subarray(0, 128)).toString('latin1');
  if (head.startsWith('MATLAB 7.3') || head.startsWith('\x89HDF'))
    throw bad('is a MAT-file of version 7.3 (HDF5), which is not read; save it with -v7');
  if (!head.startsWith('MATLAB 5.0') || head.length < 128 || head.slice(126) !== 'IM')
    throw bad('is no MATLAB 5.0 MAT-file');
  const arrays = new Map<string, MatArray>();
  for (const { type, data } of elements(bytes.subarray(128), bad)) {
    const inner = type === miCompressed ? elements(inflateBounded(data, limit, where), bad)[0] : { type, data };
    if (inner?.type !== miMatrix) continue;
    const array = matrix(inner.data, bad);
    if (array) arrays.set(array.name, array);
  }
  return arrays;
}

interface Element {
  readonly type: number;
  readonly data: Uint8Array;
}
type Bad = (what: string) => AppError;

function elements(bytes: Uint8Array, bad: Bad): Element[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Element[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    if (found.length === most) throw bad(`has more than ${most} elements`);
    const first = view.getUint32(at, true);
    const small = first >>> 16;
    const type = small > 0 ? first & 0xffff : first;
    const length = small > 0 ? small : view.getUint32(at + 4, true);
    const from = small > 0 ? at + 4 : at + 8;
    if (small > 4 || from + length > bytes.length) throw bad('is cut off');
    found.push({ type, data: bytes.subarray(from, from + length) });
    at = small > 0 ? at + 8 : from + (type === miCompressed ? length : Math.ceil(length / 8) * 8);
  }
  return found;
}

/** Number types of values as they are stored, which may be smaller than the array's class. */
const stored: Readonly<Record<number, { size: number; read: (view: DataView, at: number) => number }>> = {
  1: { size: 1, read: (view, at) => view.getInt8(at) },
  2: { size: 1, read: (view, at) => view.getUint8(at) },
  3: { size: 2, read: (view, at) => view.getInt16(at, true) },
  4: { size: 2, read: (view, at) => view.getUint16(at, true) },
  5: { size: 4, read: (view, at) => view.getInt32(at, true) },
  9: { size: 8, read: (view, at) => view.getFloat64(at, true) },
};

function matrix(bytes: Uint8Array, bad: Bad): (MatArray & { name: string }) | undefined {
  const [flags, dimensions, label, values] = elements(bytes, bad);
  const kind = values && stored[values.type];
  if (!flags || !dimensions || !label || !values || !kind) return undefined;
  const view = new DataView(dimensions.data.buffer, dimensions.data.byteOffset, dimensions.data.byteLength);
  const sizes = Array.from({ length: dimensions.data.length >> 2 }, (_, i) => view.getInt32(4 * i, true));
  const length = sizes.reduce((product, size) => product * size, 1);
  const name = Buffer.from(label.data).toString('latin1');
  if (values.data.length !== length * kind.size) throw bad(`has an array '${name}' that is not ${sizes.join(' x ')}`);
  if (values.type === 2) return { name, sizes, values: values.data };
  const source = new DataView(values.data.buffer, values.data.byteOffset, values.data.byteLength);
  return { name, sizes, values: Float64Array.from({ length }, (_, i) => kind.read(source, i * kind.size)) };
}
