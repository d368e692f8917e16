/**
 * Messages as bytes, for sockets: a length, a JSON head, then the typed arrays of the message as they are, each on a multiple of
 * eight. In the head `{"$array": i}` stands for the i-th of them. Numbers that JSON lacks travel as {"$number": "NaN"}.
 */
import * as v from 'valibot';
import { AppError } from '../lib/errors';

const kinds = { u8: Uint8Array, i32: Int32Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array } as const;
type Kind = keyof typeof kinds;
type TypedArray = InstanceType<(typeof kinds)[Kind]>;

/** The largest frame that is read or written. */
export const maxFrame = 256 * 2 ** 20;
const align = (size: number) => Math.ceil(size / 8) * 8;

const headSchema = v.strictObject({
  message: v.unknown(),
  arrays: v.array(
    v.strictObject({
      kind: v.picklist(['u8', 'i32', 'u32', 'f32', 'f64']),
      length: v.pipe(v.number(), v.integer(), v.minValue(0)),
    }),
  ),
});

const kindOf = (value: object): Kind | undefined =>
  (Object.keys(kinds) as Kind[]).find((kind) => value instanceof kinds[kind]);

/** @throws AppError FAILED for a message larger than a frame. */
export function encodeFrame(message: unknown): Uint8Array {
  const arrays: { kind: Kind; values: TypedArray }[] = [];
  const head = JSON.stringify({
    message: packed(message, arrays),
    arrays: arrays.map(({ kind, values }) => ({ kind, length: values.length })),
  });
  const text = new TextEncoder().encode(head);
  const start = align(4 + text.length);
  const size = arrays.reduce((total, { values }) => total + align(values.byteLength), start);
  if (size > maxFrame)
    throw new AppError('FAILED', `A message of ${size} bytes is larger than a frame may be (${maxFrame}).`);
  const frame = new Uint8Array(size);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, 4);
  let at = start;
  for (const { values } of arrays) {
    frame.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += align(values.byteLength);
  }
  return frame;
}

function packed(value: unknown, arrays: { kind: Kind; values: TypedArray }[]): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  const kind = kindOf(value);
  if (kind) return { $array: arrays.push({ kind, values: value as TypedArray }) - 1 };
  if (Array.isArray(value)) return value.map((item) => packed(item, arrays));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, packed(item, arrays)]));
}

/** @throws AppError BAD_DATA saying what is wrong with the bytes; they may come from anybody. */
export function decodeFrame(bytes: Uint8Array): unknown {
  const malformed = (why: string) => new AppError('BAD_DATA', `A malformed frame: ${why}.`);
  if (bytes.length > maxFrame) throw malformed(`${bytes.length} bytes, more than ${maxFrame}`);
  if (bytes.length < 4) throw malformed(`${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > bytes.length - 4) throw malformed(`a head of ${length} bytes in a frame of ${bytes.length}`);
  const head = v.safeParse(headSchema, parsed(bytes.subarray(4, 4 + length), malformed));
  if (!head.success) throw malformed(head.issues[0].message);
  let at = align(4 + length);
  const arrays = head.output.arrays.map(({ kind, length: count }) => {
    const values = kinds[kind];
    const size = count * values.BYTES_PER_ELEMENT;
    if (at + size > bytes.length) throw malformed(`an array of ${size} bytes ends outside it`);
    // a Buffer's own slice would be a view of its pool
    const own = Uint8Array.prototype.slice.call(bytes, at, at + size);
    at += align(size);
    return new values(own.buffer, 0, count);
  });
  return unpacked(head.output.message, arrays, 0, malformed);
}

function parsed(bytes: Uint8Array, malformed: (why: string) => AppError): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformed('its head is not JSON');
  }
}

function unpacked(
  value: unknown,
  arrays: readonly TypedArray[],
  depth: number,
  malformed: (why: string) => AppError,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 64) throw malformed('nested more than 64 deep');
  if (Array.isArray(value)) return value.map((item) => unpacked(item, arrays, depth + 1, malformed));
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const [name, content] = only as [string, unknown];
    if (name === '$number') return Number(content);
    if (name === '$array') {
      const array = typeof content === 'number' ? arrays[content] : undefined;
      if (!array) throw malformed(`it has no array ${String(content)}`);
      return array;
    }
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, unpacked(item, arrays, depth + 1, malformed)]));
}
