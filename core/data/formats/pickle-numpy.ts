/** numpy's uint8 arrays as a pickle spells them: names, a call, a state. The names stand for what we rebuild ourselves. */
import type { Pickled } from './pickle';

export class Name {
  constructor(readonly text: string) {}
}

export class DataType {
  constructor(readonly code: string) {}
}

/** A uint8 array in C order; empty until its state is read. */
export class PickledArray {
  sizes: readonly number[] = [0];
  values: Uint8Array = new Uint8Array();
}

const reconstruct = ['numpy.core.multiarray._reconstruct', 'numpy._core.multiarray._reconstruct'];
export const knownNames: readonly string[] = [...reconstruct, 'numpy.ndarray', 'numpy.dtype', '_codecs.encode'];

/** What a known name gives for its arguments; undefined where that is nothing that CIFAR's files hold. */
export function call(name: Pickled, given: Pickled): Pickled | undefined {
  if (!(name instanceof Name) || !Array.isArray(given)) return undefined;
  if (reconstruct.includes(name.text)) return new PickledArray();
  if (name.text === 'numpy.dtype') return new DataType(textOf(given[0]) ?? '');
  const text = textOf(given[0]);
  return name.text === '_codecs.encode' && text !== undefined
    ? Uint8Array.from(Buffer.from(text, 'latin1'))
    : undefined;
}

/** Puts a state into an array or a type; false where it is none of a uint8 array in C order. */
export function setState(target: Pickled, state: Pickled): boolean {
  if (target instanceof DataType) return true;
  if (!(target instanceof PickledArray) || !Array.isArray(state)) return false;
  const [, sizes, type, fortran, values] = state;
  if (!Array.isArray(sizes) || !(type instanceof DataType) || !(values instanceof Uint8Array)) return false;
  const numbers = sizes.filter((size) => typeof size === 'number');
  const length = numbers.reduce((product, size) => product * size, 1);
  if (type.code !== 'u1' || fortran !== false || numbers.length !== sizes.length || values.length !== length)
    return false;
  target.sizes = numbers;
  target.values = values;
  return true;
}

/** A text, of Python 2 or 3. */
export function textOf(value: Pickled | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array && value.length < 1000 ? Buffer.from(value).toString('latin1') : undefined;
}
