/** The numbers of a tensor that is a view of a storage: any strides, gathered in C order. */
import { brief } from '../../lib/brief';
import { AppError } from '../../lib/errors';
import { decodeNumbers, typeBytes } from '../floats';
import type { RawTensor } from '../safetensors';
import type { TorchStorage, TorchTensor } from './torch-pickle';

export const countOf = ({ shape }: TorchTensor): number => shape.reduce((product, size) => product * size, 1);

/** @throws AppError BAD_FILE for a view that leaves its storage, or takes numbers more than once. */
export function numbersOf(
  tensor: TorchTensor,
  bytesOf: (storage: TorchStorage) => Uint8Array | undefined,
  where: string,
): RawTensor {
  const { storage, offset, shape, strides } = tensor;
  const bad = (what: string) => new AppError('BAD_FILE', `'${where}' ${what}.`, 'The file is damaged.');
  const bytes = bytesOf(storage);
  if (!bytes) throw bad(`refers to a storage '${brief(storage.key)}' that is not there`);
  const width = typeBytes(storage.type) ?? 1;
  if (bytes.length < storage.length * width) throw bad('has a storage that is cut off');
  const count = countOf(tensor);
  const last = offset + shape.reduce((sum, size, i) => sum + (size - 1) * (strides[i] ?? 0), 0);
  if (count > 0 && (last >= storage.length || count > storage.length))
    throw bad(`is a view of ${count} numbers, up to place ${last}, of a storage of ${storage.length}`);
  return { shape: [...shape], data: decodeNumbers(gathered(bytes, tensor, count, width), storage.type) };
}

/** The bytes of the view's numbers, one after the other. */
function gathered(bytes: Uint8Array, { offset, shape, strides }: TorchTensor, count: number, width: number) {
  const dense = shape.every((size, i) => size === 1 || strides[i] === shape.slice(i + 1).reduce((n, m) => n * m, 1));
  if (dense || count === 0) return bytes.subarray(offset * width, (offset + count) * width);
  const out = new Uint8Array(count * width);
  const index = shape.map(() => 0);
  for (let i = 0, from = offset; i < count; i++) {
    for (let byte = 0; byte < width; byte++) out[i * width + byte] = bytes[from * width + byte] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [size = 0, stride = 0] = [shape[axis], strides[axis]];
      const moved = (index[axis] ?? 0) + 1;
      index[axis] = moved;
      from += stride;
      if (moved < size) break;
      from -= size * stride;
      index[axis] = 0;
    }
  }
  return out;
}
