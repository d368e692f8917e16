/** Weights in numpy's .npz: an array for each tensor, in PyTorch's names and layouts, as numpy.savez(file, **state) writes them. */
import { brief } from '../../lib/brief';
import { zipSync } from 'fflate';
import { decodeNpy, encodeNpy } from '../../data/formats/npy';
import { readZip } from '../../data/formats/zip';
import type { RawTensor } from '../safetensors';

const ending = '.npy';
/** Weights hardly shrink when packed; an archive that grows by more than this holds something else. */
const largest = (bytes: Uint8Array): number => Math.max(2 ** 27, 2 * bytes.length);

/** Every array by its name, in the order of the file; undefined for an archive without arrays. @throws AppError BAD_FILE. */
export function readNpzWeights(bytes: Uint8Array, where: string): Map<string, RawTensor> | undefined {
  const members = readZip(bytes, where, (name) => name.endsWith(ending), largest(bytes));
  if (members.size === 0) return undefined;
  return new Map(
    [...members].map(([member, content]) => {
      const name = member.slice(0, -ending.length);
      const { sizes, values } = decodeNpy(content, `${where}: ${brief(name)}`);
      return [name, { shape: sizes, data: values instanceof Float32Array ? values : new Float32Array(values) }];
    }),
  );
}

/** The bytes of such a file; the same weights give the same bytes. */
export const encodeNpzWeights = (tensors: Readonly<Record<string, RawTensor>>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, data }]) => [`${name}${ending}`, encodeNpy(shape, data)]),
    ),
    { level: 0, mtime: new Date(1980, 0, 1) },
  );
