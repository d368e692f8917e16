/** idx, the format of MNIST: two zero bytes, a type (8 = uint8), the number of axes, big-endian sizes, values. */
import { AppError } from '../../lib/errors';

export interface IdxArray {
  readonly sizes: readonly number[];
  readonly values: Uint8Array;
}

/**
 * The uint8 array that an idx file holds, a view of its bytes.
 * @throws AppError BAD_FILE when it is no idx file of uint8 with `axes` axes, or not of the length that its header says.
 */
export function decodeIdx(bytes: Uint8Array, axes: number, where: string): IdxArray {
  const head = 4 + 4 * axes;
  if (bytes.length < head) throw bad(where, `is too short for idx: ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (magic !== 0x800 + axes)
    throw bad(
      where,
      `is no idx file of uint8 with ${axes} axes: it begins with 0x${magic.toString(16).padStart(8, '0')}`,
    );
  const sizes = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const length = sizes.reduce((product, size) => product * size, 1);
  if (bytes.length !== head + length)
    throw bad(where, `holds ${bytes.length - head} values; its header says ${sizes.join(' x ')}`);
  return { sizes, values: new Uint8Array(bytes.buffer, bytes.byteOffset + head, length) };
}

const bad = (where: string, what: string): AppError =>
  new AppError('BAD_FILE', `'${where}' ${what}.`, 'Get the file anew; it is damaged or another one.');
