/**
 * TensorBoard event files: TFRecords (length, masked CRC-32C, data, masked CRC-32C) of Event messages, as in TensorFlow's
 * core/lib/io/record_writer.cc and core/util/event.proto. Scalars and PNG images.
 */
import { bytesField, doubleField, floatField, integerField, message } from '../lib/protobuf';

export interface TensorBoardPoint {
  readonly tag: string;
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly t: number;
  /** A scalar, or a whole PNG file. */
  readonly value: number | Uint8Array;
}

/** The content of one event file. */
export function tensorBoardFile(points: readonly TensorBoardPoint[], began: number): Uint8Array {
  const version = message(doubleField(1, began / 1000), bytesField(3, 'brain.Event:2'));
  return message(record(version), ...points.map((point) => record(event(point))));
}

function event({ tag, step, t, value }: TensorBoardPoint): Uint8Array {
  const content = typeof value === 'number' ? floatField(2, value) : bytesField(4, image(value));
  const summary = bytesField(1, message(bytesField(1, tag), content));
  return message(doubleField(1, t / 1000), integerField(2, step), bytesField(5, summary));
}

function image(png: Uint8Array): Uint8Array {
  const header = Buffer.from(png.buffer, png.byteOffset, png.length);
  const [width, height] = [header.readUInt32BE(16), header.readUInt32BE(20)];
  return message(integerField(1, height), integerField(2, width), integerField(3, 3), bytesField(4, png));
}

function record(data: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return message(length, maskedCrc(length), data, maskedCrc(data));
}

function maskedCrc(bytes: Uint8Array): Uint8Array {
  const crc = crc32c(bytes);
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  const out = Buffer.alloc(4);
  out.writeUInt32LE(masked);
  return out;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  return c;
});

/** CRC-32C (Castagnoli). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
