/** Protocol Buffers' wire format, writing only: a message is its fields' bytes, one after another. */

/** Negative numbers as 64 bits of two's complement. */
const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
};
const tag = (field: number, wireType: number): number[] => varint(field * 8 + wireType);

/** int32, int64, bool and enum fields; value must be a whole number that a double holds exactly. */
export const integerField = (field: number, value: number): Uint8Array =>
  Uint8Array.from([...tag(field, 0), ...varint(value)]);

export function doubleField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return message(Uint8Array.from(tag(field, 1)), bytes);
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return message(Uint8Array.from(tag(field, 5)), bytes);
}

/** string, bytes and embedded message fields. */
export function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return message(Uint8Array.from([...tag(field, 2), ...varint(bytes.length)]), bytes);
}

export const message = (...fields: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(fields));
