/** numpy's .npy: '\x93NUMPY', a version, the length of a header that is a Python dict in text, then the values. */
import { brief } from '../../lib/brief';
import { AppError } from '../../lib/errors';
import { halfToFloat } from '../../lib/halves';

/** Values in C order; integers and floats of 8 bytes come as doubles. */
export interface NpyArray {
  readonly sizes: readonly number[];
  readonly kind: 'uint8' | 'float' | 'integer';
  readonly values: Uint8Array | Float32Array | Float64Array;
}

interface DataType {
  readonly kind: NpyArray['kind'];
  readonly size: number;
  read(view: DataView, at: number): number;
}

const types: Readonly<Record<string, DataType>> = {
  '|u1': { kind: 'uint8', size: 1, read: (view, at) => view.getUint8(at) },
  '|b1': { kind: 'uint8', size: 1, read: (view, at) => view.getUint8(at) },
  '|i1': { kind: 'integer', size: 1, read: (view, at) => view.getInt8(at) },
  '<u2': { kind: 'integer', size: 2, read: (view, at) => view.getUint16(at, true) },
  '<i2': { kind: 'integer', size: 2, read: (view, at) => view.getInt16(at, true) },
  '<u4': { kind: 'integer', size: 4, read: (view, at) => view.getUint32(at, true) },
  '<i4': { kind: 'integer', size: 4, read: (view, at) => view.getInt32(at, true) },
  '<u8': { kind: 'integer', size: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  '<i8': { kind: 'integer', size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  '<f2': { kind: 'float', size: 2, read: (view, at) => halfToFloat(view.getUint16(at, true)) },
  '<f4': { kind: 'float', size: 4, read: (view, at) => view.getFloat32(at, true) },
  '<f8': { kind: 'float', size: 8, read: (view, at) => view.getFloat64(at, true) },
};

/** @throws AppError BAD_FILE for another format, a type of values that is not read, Fortran order, or a file that is cut off. */
export function decodeNpy(bytes: Uint8Array, where: string): NpyArray {
  const bad = (what: string, hint = 'Save it again with numpy.savez.'): AppError =>
    new AppError('BAD_FILE', `'${where}' ${what}.`, hint);
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== '\x93NUMPY')
    throw bad('is no .npy array');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = (bytes[6] ?? 0) >= 2;
  const from = wide ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  if (from > bytes.length || from > 65536) throw bad('is cut off');
  const header = Buffer.from(bytes.subarray(wide ? 12 : 10, from)).toString('latin1');
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(header)?.[1];
  if (descr === undefined || shape === undefined) throw bad('holds something other than one array of numbers');
  const type = types[descr];
  if (!type)
    throw bad(
      `has values of type '${brief(descr)}', which are not read`,
      `Types that are read: ${Object.keys(types).join(' ')}.`,
    );
  const sizes = (shape.match(/\d+/g) ?? []).map(Number);
  if (!/'fortran_order':\s*False/.test(header) && sizes.length > 1)
    throw bad('is in Fortran order', 'Save numpy.ascontiguousarray of it.');
  const length = sizes.reduce((product, size) => product * size, 1);
  if (bytes.length - from !== length * type.size)
    throw bad(
      `has ${bytes.length - from} bytes of values; ${sizes.join(' x ')} of '${descr}' are ${length * type.size}`,
    );
  if (type.kind === 'uint8')
    return { sizes, kind: 'uint8', values: new Uint8Array(bytes.buffer, bytes.byteOffset + from, length) };
  const values = type.kind === 'float' && type.size < 8 ? new Float32Array(length) : new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = type.read(view, from + i * type.size);
  return { sizes, kind: type.kind, values };
}

/** A file of these values in C order, in their own type. */
export function encodeNpy(sizes: readonly number[], values: Float32Array | Float64Array | Int32Array): Uint8Array {
  const descr = values instanceof Int32Array ? '<i4' : `<f${values.BYTES_PER_ELEMENT}`;
  const shape = `(${sizes.join(', ')}${sizes.length === 1 ? ',' : ''})`;
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const from = Math.ceil((11 + header.length) / 64) * 64;
  const bytes = new Uint8Array(from + values.byteLength);
  bytes.set(Buffer.from(`\x93NUMPY\x01\x00\x00\x00${header.padEnd(from - 11)}\n`, 'latin1'));
  new DataView(bytes.buffer).setUint16(8, from - 10, true);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), from);
  return bytes;
}
