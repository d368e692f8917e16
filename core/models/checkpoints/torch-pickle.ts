/**
 * What a PyTorch checkpoint's pickle may hold: dicts, numbers, texts, and tensors as views of storages that lie elsewhere in the file
 * (torch._utils._rebuild_tensor_v2). Nothing else is known, so nothing else is made.
 */
import { Built, type Name, type Pickled, type Vocabulary } from '../../lib/pickle';

/** Types of numbers by the names of their storages. */
const storages = {
  'torch.FloatStorage': 'F32',
  'torch.DoubleStorage': 'F64',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
} as const;
export type StorageType = (typeof storages)[keyof typeof storages];
const isStorage = (name: string): name is keyof typeof storages => Object.hasOwn(storages, name);

/** A storage by its key; its bytes are another member or part of the file. */
export class TorchStorage extends Built {
  readonly what = 'a storage';

  constructor(
    readonly type: StorageType,
    readonly key: string,
    readonly length: number,
  ) {
    super();
  }
}

/** A view of a storage: `shape`, with `strides` in numbers, from `offset`. */
export class TorchTensor extends Built {
  readonly what = 'a tensor';

  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    super();
  }
}

/** Everything of a checkpoint, its tensors still views. */
export interface OpenedTorch {
  readonly content: Pickled;
  readonly bytesOf: (storage: TorchStorage) => Uint8Array | undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const counts = (value: Pickled | undefined): readonly number[] | undefined =>
  Array.isArray(value) && value.length <= 8 && value.every((size) => isCount(size)) ? value.filter(isCount) : undefined;

/** Numbers and tables that training leaves beside the weights: read over, and not kept. */
const beside = {
  numbers: ['numpy.core.multiarray.scalar', 'numpy._core.multiarray.scalar', '_codecs.encode', 'torch.device'],
  tables: ['numpy.dtype', 'collections.Counter'],
};

export const torchObjects: Vocabulary = {
  names: [
    ...Object.keys(storages),
    ...beside.numbers,
    ...beside.tables,
    'collections.OrderedDict',
    'torch._utils._rebuild_tensor_v2',
    'torch._utils._rebuild_parameter',
    'torch.Size',
  ],
  strangeState: 'gives a state to what takes none',
  hint: 'Only tensors, numbers and texts in dicts are read; save model.state_dict() in PyTorch and import that.',
  call(name: Name, given) {
    const [first, offset, size, stride] = given;
    if (beside.numbers.includes(name.text)) return null;
    if (beside.tables.includes(name.text)) return new Map();
    switch (name.text) {
      case 'collections.OrderedDict':
        return pairs(first);
      case 'torch.Size':
        return Array.isArray(first) ? first : undefined;
      case 'torch._utils._rebuild_parameter':
        return first instanceof TorchTensor ? first : undefined;
      case 'torch._utils._rebuild_tensor_v2': {
        const [shape, strides] = [counts(size), counts(stride)];
        if (!(first instanceof TorchStorage) || !isCount(offset) || !shape || shape.length !== strides?.length)
          return undefined;
        return new TorchTensor(first, offset, shape, strides);
      }
      default:
        return undefined;
    }
  },
  // a state dict carries the versions of its modules, which say nothing of its tensors
  setState: (target) => target instanceof Map,
  persistent(id) {
    if (!Array.isArray(id)) return undefined;
    const [kind, type, key, , length] = id;
    const name = typeof type === 'object' && type !== null && 'text' in type ? type.text : '';
    if (kind !== 'storage' || !isStorage(name) || typeof key !== 'string' || !isCount(length)) return undefined;
    return new TorchStorage(storages[name], key, length);
  },
};

/** OrderedDict() or OrderedDict([(name, value), …]). */
function pairs(given: Pickled | undefined): Map<string, Pickled> | undefined {
  const dict = new Map<string, Pickled>();
  if (given === undefined) return dict;
  if (!Array.isArray(given)) return undefined;
  for (const pair of given) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string') return undefined;
    dict.set(pair[0], pair[1] ?? null);
  }
  return dict;
}
