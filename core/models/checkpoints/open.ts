/** The tensors of a weights file, whatever its form: safetensors, a PyTorch checkpoint, or numpy's .npz. */
import type { RawTensor } from '../safetensors';
import { decodeSafetensors, looksLikeSafetensors } from '../safetensors';
import { isUnused } from '../weights';
import { readNpzWeights } from './npz-weights';
import { isZip, looksLikeTorch, readTorch } from './torch';

export interface OpenedFile {
  /** In the file's layout and names. */
  readonly tensors: Readonly<Record<string, RawTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether the tensors come in the order in which the network defines them; safetensors files sort theirs. */
  readonly ordered: boolean;
}

/** @throws AppError BAD_FILE for anything torn, hostile, or of another form. */
export function openWeights(bytes: Uint8Array, where: string): OpenedFile {
  if (looksLikeSafetensors(bytes) || !looksLikeTorch(bytes))
    return { ...decodeSafetensors(bytes, where, isUnused), ordered: false };
  const found = (isZip(bytes) ? readNpzWeights(bytes, where) : undefined) ?? readTorch(bytes, where);
  const tensors = Object.fromEntries([...found].filter(([name]) => !isUnused(name)));
  return { tensors, metadata: {}, ordered: true };
}
