/** Pickles by hand, and checkpoints round them: what no PyTorch would write. */
import { zipSync } from 'fflate';

/** A text of latin1 characters as its bytes. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

const int32 = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes.toString('latin1');
};
export const int = (value: number): string => `J${int32(value)}`;
/** A whole number of eight bytes (LONG1). */
export const long = (value: bigint): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return `\x8a\x08${bytes.toString('latin1')}`;
};
export const text = (value: string): string => `X${int32(value.length)}${value}`;
export const name = (module: string, attribute: string): string => `c${module}\n${attribute}\n`;
export const tuple = (...items: readonly string[]): string => `(${items.join('')}t`;
export const dict = (entries: Readonly<Record<string, string>>): string =>
  `}(${Object.entries(entries)
    .map(([key, value]) => text(key) + value)
    .join('')}u`;
/** Protocol 2. */
export const pickle = (content: string): string => `\x80\x02${content}.`;

export interface View {
  readonly key?: string;
  readonly kind?: string;
  readonly count?: string;
  readonly offset?: string;
  readonly shape: readonly string[];
  readonly strides: readonly string[];
}

export const storage = ({
  key = '0',
  kind = 'FloatStorage',
  count = int(6),
}: Omit<View, 'shape' | 'strides'>): string =>
  `${tuple(text('storage'), name('torch', kind), text(key), text('cpu'), count)}Q`;

/** A tensor as a view of a storage; numbers are pickled ones. */
export const tensor = ({ offset = int(0), shape, strides, ...rest }: View): string =>
  `${name('torch._utils', '_rebuild_tensor_v2')}${tuple(
    storage(rest),
    offset,
    tuple(...shape),
    tuple(...strides),
    '\x89',
    `${name('collections', 'OrderedDict')})R`,
  )}R`;

export const sixFloats = new Uint8Array(Float32Array.from([1, 2, 3, 4, 5, 6]).buffer);
/** Two rows of three. */
export const plain: View = { shape: [int(2), int(3)], strides: [int(3), int(1)] };

/** The zip form, with storage 0 of six floats unless others are given. */
export const checkpoint = (
  content: string,
  members: Readonly<Record<string, Uint8Array>> = { 'a/data/0': sixFloats },
): Uint8Array =>
  zipSync({ 'a/data.pkl': bytesOf(pickle(content)), ...members }, { level: 0, mtime: new Date(1980, 0, 1) });

/** The form before 1.6: `machine` is what it says of itself. */
export const legacy = (content: string, behind: string, machine = '}'): Uint8Array =>
  bytesOf(
    [
      '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.',
      pickle('M\xe9\x03'),
      pickle(machine),
      pickle(content),
      behind,
    ].join(''),
  );
