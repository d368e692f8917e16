/**
 * The safetensors format: an 8-byte header length, a JSON header, then the bytes. Reading is bounded and checked, since files come
 * from others; writing is deterministic (names sorted), so equal tensors give equal files.
 */
import * as v from 'valibot';
import { AppError } from '../lib/errors';
import { decodeFloats, floatBytes } from './floats';

export interface RawTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export interface SafetensorsFile {
  readonly tensors: Record<string, RawTensor>;
  readonly metadata: Record<string, string>;
}

const maxHeader = 16 * 1024 * 1024;
const maxTensors = 100_000;
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.strictObject({
  dtype: v.string(),
  shape: v.pipe(v.array(whole), v.maxLength(8)),
  data_offsets: v.tuple([whole, whole]),
});
const metadataSchema = v.record(v.string(), v.string());

const bad = (where: string, what: string) =>
  new AppError(
    'BAD_FILE',
    `'${where}' is not a valid safetensors file: ${what}.`,
    'Get the file again, or export it again.',
  );

/** Bytes of a file with these tensors, as float32 and int32. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, RawTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const names = Object.keys(tensors).sort();
  const header: Record<string, unknown> = {
    __metadata__: Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  let offset = 0;
  for (const name of names) {
    const { shape, data } = tensors[name] ?? { shape: [0], data: new Float32Array() };
    header[name] = {
      dtype: data instanceof Int32Array ? 'I32' : 'F32',
      shape,
      data_offsets: [offset, offset + data.byteLength],
    };
    offset += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = Buffer.alloc(start + offset, 0x20);
  bytes.writeBigUInt64LE(BigInt(start - 8), 0);
  text.copy(bytes, 8);
  let at = start;
  for (const name of names) {
    const data = tensors[name]?.data ?? new Float32Array();
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Tensors and metadata of a file; F32, F16, BF16 (to float32) and I32.
 * @throws AppError BAD_FILE for anything torn, overlapping, too large or of another type.
 */
export function decodeSafetensors(bytes: Uint8Array, where: string): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10) throw bad(where, `it has only ${bytes.length} bytes`);
  const size = view.getBigUint64(0, true);
  if (size > BigInt(Math.min(maxHeader, bytes.length - 8)))
    throw bad(where, `its header claims ${size} bytes of a file of ${bytes.length}`);
  const start = 8 + Number(size);
  const { __metadata__: stored = {}, ...entries } = headerOf(bytes.subarray(8, start), where);
  const metadata = v.safeParse(metadataSchema, stored);
  if (!metadata.success) throw bad(where, 'its metadata are not texts');
  const names = Object.keys(entries);
  if (names.length > maxTensors) throw bad(where, `it names ${names.length} tensors`);
  const tensors: Record<string, RawTensor> = {};
  const spans: [number, number][] = [];
  for (const name of names) {
    if (name === '__proto__') throw bad(where, "a tensor is named '__proto__'");
    const entry = v.safeParse(entrySchema, entries[name]);
    if (!entry.success) throw bad(where, `the entry of '${name}' is malformed`);
    const {
      dtype,
      shape,
      data_offsets: [from, to],
    } = entry.output;
    const width = floatBytes(dtype);
    if (width === undefined)
      throw bad(where, `'${name}' has type ${dtype}, which is not read (F32, F16, BF16, I32 are)`);
    const count = shape.reduce((product, n) => product * n, 1);
    if (to - from !== count * width || start + to > bytes.length)
      throw bad(where, `'${name}' of shape [${shape.join(', ')}] does not fit its bytes ${from} to ${to}`);
    spans.push([from, to]);
    tensors[name] = { shape, data: decodeFloats(bytes.slice(start + from, start + to), dtype) };
  }
  spans.sort(([a], [b]) => a - b);
  if (spans.some(([from], i) => i > 0 && from < (spans[i - 1]?.[1] ?? 0))) throw bad(where, 'tensors overlap');
  return { tensors, metadata: metadata.output };
}

function headerOf(bytes: Uint8Array, where: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return { ...header };
  } catch {
    throw bad(where, 'its header is not JSON');
  }
  throw bad(where, 'its header is not an object');
}
