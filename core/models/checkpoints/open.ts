/** The tensors of a weights file, whatever its form: safetensors, or a PyTorch checkpoint. */
import type { RawTensor } from '../safetensors';
import { decodeSafetensors } from '../safetensors';
import { isUnused } from '../weights';
import { looksLikeTorch, readTorch } from './torch';

export interface OpenedFile {
  /** In the file's layout and names. */
  readonly tensors: Readonly<Record<string, RawTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws AppError BAD_FILE for anything torn, hostile, or of another form. */
export function openWeights(bytes: Uint8Array, where: string): OpenedFile {
  if (!looksLikeTorch(bytes)) return decodeSafetensors(bytes, where, isUnused);
  const tensors = Object.entries(readTorch(bytes, where)).filter(([name]) => !isUnused(name));
  return { tensors: Object.fromEntries(tensors), metadata: {} };
}
