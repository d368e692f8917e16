/**
 * The safetensors format: an 8-byte header length, a JSON header, then the numbers. Reading is bounded and checked, since files
 * come from others; writing is deterministic (names sorted), so equal tensors give equal files.
 */
import * as v from 'valibot';
import { brief } from '../lib/brief';
import { AppError } from '../lib/errors';
import { decodeNumbers, encodeHalves, readTypes, typeBytes } from './floats';

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
const metadataName = '__metadata__';
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.object({
  dtype: v.string(),
  shape: v.pipe(v.array(whole), v.maxLength(8)),
  data_offsets: v.tuple([whole, whole]),
});
const metadataSchema = v.record(v.string(), v.string());
/** A hostile header can hold millions of wrong values; one is enough. */
const firstIssue = { abortEarly: true } as const;

/** Whether a file may begin so: the length of its header in eight bytes, then JSON. */
export const looksLikeSafetensors = (bytes: Uint8Array): boolean =>
  bytes[8] === 0x7b && bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0;

/** Bytes of a file with these tensors, as int32 and float32 (or half precision). */
export function encodeSafetensors(
  tensors: Readonly<Record<string, RawTensor>>,
  metadata: Readonly<Record<string, string>> = {},
  { half = false }: { half?: boolean } = {},
): Uint8Array {
  const parts = sorted(tensors).map(([name, { shape, data }]) => {
    if (data instanceof Int32Array) return { name, shape, dtype: 'I32', data };
    return half ? { name, shape, dtype: 'F16', data: encodeHalves(data) } : { name, shape, dtype: 'F32', data };
  });
  let offset = 0;
  const entries = parts.map(({ name, shape, dtype, data }) => {
    const begin = offset;
    offset += data.byteLength;
    return [name, { dtype, shape, data_offsets: [begin, offset] }] as const;
  });
  const header = Buffer.from(
    JSON.stringify(Object.fromEntries([[metadataName, Object.fromEntries(sorted(metadata))], ...entries])),
  );
  const start = 8 + Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(start + offset).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(header, 8);
  let at = start;
  for (const { data } of parts) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/**
 * Tensors and metadata of a file: F32, F16, BF16 (as float32) and I32, in the file's layout. Tensors that `skip` names are left
 * out, whatever their type.
 * @throws AppError BAD_FILE, naming `where`, for anything torn, overlapping, too large or of another type.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  where: string,
  skip: (name: string) => boolean = () => false,
): SafetensorsFile {
  const { header, start } = headerOf(bytes, where);
  const metadata = v.safeParse(metadataSchema, header[metadataName] ?? {}, firstIssue);
  if (!metadata.success) throw bad(where, 'its metadata are not texts');
  const names = Object.keys(header).filter((name) => name !== metadataName);
  if (names.length > maxTensors) throw bad(where, `it names ${names.length} tensors`);
  const entries = names.map((name) => entryOf(name, header[name], where));
  checkSpans(entries, bytes.length - start, where);
  const tensors = entries.flatMap(({ name, dtype, shape, begin, end }): [string, RawTensor][] => {
    if (skip(name)) return [];
    if (!readTypes.includes(dtype))
      throw bad(where, `'${brief(name)}' has type ${dtype}; only ${readTypes.join(', ')} are read`);
    return [[name, { shape, data: decodeNumbers(bytes.subarray(start + begin, start + end), dtype) }]];
  });
  return { tensors: Object.fromEntries(tensors), metadata: metadata.output };
}

interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function headerOf(bytes: Uint8Array, where: string): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 10) throw bad(where, `it has only ${bytes.length} bytes`);
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (size > BigInt(Math.min(maxHeader, bytes.length - 8)))
    throw bad(where, `its header claims ${size} bytes of a file of ${bytes.length}`);
  const start = 8 + Number(size);
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start)));
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return { header: { ...header }, start };
  } catch {
    throw bad(where, 'its header is not JSON');
  }
  throw bad(where, 'its header is not a JSON object');
}

function entryOf(name: string, value: unknown, where: string): TensorEntry {
  const entry = v.safeParse(entrySchema, value, firstIssue);
  const width = entry.success ? typeBytes(entry.output.dtype) : undefined;
  if (!entry.success || width === undefined) throw bad(where, `the entry of '${brief(name)}' is malformed`);
  const { dtype, shape, data_offsets } = entry.output;
  const [begin, end] = data_offsets;
  const size = shape.reduce((product, n) => product * n, width);
  if (end - begin !== size)
    throw bad(where, `'${brief(name)}' of shape [${shape.join(', ')}] does not fit its bytes ${begin} to ${end}`);
  return { name, dtype, shape, begin, end };
}

/** The format wants every byte of the file to belong to one tensor. */
function checkSpans(entries: readonly TensorEntry[], length: number, where: string): void {
  let at = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < at) throw bad(where, `'${brief(name)}' overlaps another tensor`);
    if (begin > at) throw bad(where, `the bytes before '${brief(name)}' belong to no tensor`);
    at = end;
  }
  if (at !== length) throw bad(where, `its header describes ${at} bytes of numbers; it has ${length}`);
}

const bad = (where: string, what: string): AppError =>
  new AppError(
    'BAD_FILE',
    `'${where}' is not a valid safetensors file: ${what}.`,
    'Get the file again, or export it again.',
  );
