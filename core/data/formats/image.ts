/** PNG and JPEG files as uint8 images of 1 or 3 channels. Sizes are bounded before anything is unpacked; an alpha channel is dropped. */
import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { AppError } from '../../lib/errors';
import { inflateBounded } from './gzip';

export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** [height, width, channels]. */
  readonly pixels: Uint8Array;
}

const longestSide = 4096;
export const imageExtension = /\.(png|jpe?g)$/i;

/** @throws AppError BAD_FILE for a damaged file or an image of more than 4096 pixels a side. */
export function decodeImage(bytes: Uint8Array, where: string): Image {
  try {
    return bytes[0] === 0x89 ? png(bytes, where) : jpeg(bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const because = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'BAD_FILE',
      `'${where}' is no PNG or JPEG image that can be read: ${because}.`,
      undefined,
      error,
    );
  }
}

function jpeg(bytes: Uint8Array): Image {
  const limits = { maxResolutionInMP: (longestSide * longestSide) / 1e6, maxMemoryUsageInMB: 512 };
  const { width, height, data } = decodeJpeg(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    ...limits,
  });
  return grey({ height, width, channels: 3, pixels: data });
}

/** JPEG's decoder gives three channels even for grey images. */
function grey(image: Image): Image {
  const { pixels } = image;
  for (let i = 0; i < pixels.length; i += 3)
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return image;
  return { ...image, channels: 1, pixels: pixels.filter((_, i) => i % 3 === 0) };
}

function png(bytes: Uint8Array, where: string): Image {
  const decoded = decodePng(essential(bytes, where), { checkCrc: true });
  const { width, height, depth } = decoded;
  const { data, channels } = decoded.palette
    ? { data: convertIndexedToRgb(decoded), channels: decoded.palette[0]?.length ?? 3 }
    : { data: depth < 8 ? unpackBits(decoded.data, width, height, depth) : decoded.data, channels: decoded.channels };
  const kept = channels >= 3 ? 3 : 1;
  const pixels = new Uint8Array(width * height * kept);
  const shift = depth === 16 ? 8 : 0;
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < kept; c++) pixels[i * kept + c] = (data[i * channels + c] ?? 0) >> shift;
  return { height, width, channels: kept, pixels };
}

/** Grey values of 1, 2 or 4 bits, rows padded to whole bytes, as bytes from 0 to 255. */
function unpackBits(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const row = Math.ceil((width * depth) / 8);
  const most = (1 << depth) - 1;
  return Uint8Array.from({ length: width * height }, (_, n) => {
    const bit = (n % width) * depth;
    const byte = data[Math.floor(n / width) * row + (bit >> 3)] ?? 0;
    return (((byte >> (8 - depth - (bit & 7))) & most) * 255) / most;
  });
}

/** The chunks that make up the picture, without those that only unpack to something else, after checking what the picture unpacks to. */
function essential(bytes: Uint8Array, where: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = [bytes.subarray(0, 8)];
  const packed: Uint8Array[] = [];
  let [width, height] = [0, 0];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (at + 12 + length > bytes.length) throw new AppError('BAD_FILE', `'${where}' is cut off.`);
    if (type === 'IHDR') [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (type === 'IDAT') packed.push(bytes.subarray(at + 8, at + 8 + length));
    if (['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(type)) kept.push(bytes.subarray(at, at + 12 + length));
    at += 12 + length;
  }
  if (width > longestSide || height > longestSide)
    throw new AppError(
      'BAD_FILE',
      `'${where}' is ${width}x${height}; images of at most ${longestSide} pixels a side are read.`,
    );
  inflateBounded(Buffer.concat(packed), 8 * (width + 8) * (height + 8) * 2, where);
  return Buffer.concat(kept);
}
