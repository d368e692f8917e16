/** Reads Protocol Buffers' wire format, as far as the tests of what we write need it. */

export type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

export function fieldsOf(bytes: Uint8Array): Fields {
  const found = new Map<number, (bigint | Uint8Array)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(bytes[at++] ?? 0);
      value |= (byte & 127n) << shift;
      if (byte < 128n) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const size = wire === 5 ? 4 : wire === 1 ? 8 : wire === 2 ? Number(varint()) : 0;
    const value = wire === 0 ? varint() : bytes.subarray(at, at + size);
    at += size;
    const field = tag >> 3;
    found.set(field, [...(found.get(field) ?? []), value]);
  }
  return found;
}

const all = (fields: Fields, field: number) => fields.get(field) ?? [];
export const messages = (fields: Fields, field: number): Fields[] =>
  all(fields, field).map((value) => fieldsOf(value as Uint8Array));
export const texts = (fields: Fields, field: number): string[] =>
  all(fields, field).map((value) => Buffer.from(value as Uint8Array).toString());
export const integers = (fields: Fields, field: number): number[] =>
  all(fields, field).map((value) => Number(BigInt.asIntN(64, value as bigint)));
export const float = (fields: Fields, field: number): number | undefined => {
  const [value] = all(fields, field);
  return value instanceof Uint8Array ? Buffer.from(value).readFloatLE(0) : undefined;
};
