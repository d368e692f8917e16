/** numpy's uint8 arrays as a pickle spells them: names, a call, a state. The names stand for what we rebuild ourselves. */
import { Built, type Name, type Pickled, type Vocabulary, textOf } from '../../lib/pickle';

class DataType extends Built {
  readonly what = 'a type of numbers';

  constructor(readonly code: string) {
    super();
  }
}

/** A uint8 array in C order; empty until its state is read. */
export class PickledArray extends Built {
  readonly what = 'an array';
  sizes: readonly number[] = [0];
  values: Uint8Array = new Uint8Array();
}

const reconstruct = ['numpy.core.multiarray._reconstruct', 'numpy._core.multiarray._reconstruct'];

/** What CIFAR's batches hold. */
export const numpyArrays: Vocabulary = {
  names: [...reconstruct, 'numpy.ndarray', 'numpy.dtype', '_codecs.encode'],
  strangeState: 'holds something other than a uint8 array in C order',
  hint: 'It is damaged, or no file of CIFAR.',
  call(name: Name, given) {
    if (reconstruct.includes(name.text)) return new PickledArray();
    if (name.text === 'numpy.dtype') return new DataType(textOf(given[0]) ?? '');
    const text = textOf(given[0]);
    return name.text === '_codecs.encode' && text !== undefined
      ? Uint8Array.from(Buffer.from(text, 'latin1'))
      : undefined;
  },
  setState,
};

/** Puts a state into an array or a type; false where it is none of a uint8 array in C order. */
function setState(target: Pickled, state: Pickled): boolean {
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
