/** Frames as a film in MP4 or WebM, encoded by the browser. */
import { AppError } from '../../../core/lib/errors';

export const videoKinds = ['mp4', 'webm'] as const;
export type VideoKind = (typeof videoKinds)[number];

const names: Readonly<Record<VideoKind, string>> = { mp4: 'MP4', webm: 'WebM' };
const codecs = { mp4: ['avc', 'vp9', 'av1', 'hevc'], webm: ['vp9', 'vp8', 'av1'] } as const;

export interface Film {
  readonly canvas: HTMLCanvasElement;
  readonly frames: number;
  /** Draws a frame on the canvas, whose sides are even. */
  readonly draw: (frame: number) => void;
  /** Seconds that a frame stands; the last one stands ten times as long. */
  readonly delay: number;
  /** What the film says of itself. */
  readonly title: string;
  readonly comment: string;
}

/** @throws AppError FAILED when the browser has no encoder for such a film. */
export async function encodeVideo(kind: VideoKind, film: Film): Promise<Uint8Array<ArrayBuffer>> {
  const { canvas, frames, draw, delay, title, comment } = film;
  const lacking = new AppError(
    'FAILED',
    `This window cannot write ${names[kind]}: its browser has no encoder for it.`,
    'A GIF or an APNG shows the same.',
  );
  if (!('VideoEncoder' in globalThis)) throw lacking;
  const media = await import('mediabunny');
  const quality = new media.Quality('high');
  const size = { width: canvas.width, height: canvas.height, quality };
  const codec = await media.getFirstEncodableVideoCodec([...codecs[kind]], size);
  if (!codec) throw lacking;
  const target = new media.BufferTarget();
  const format = kind === 'mp4' ? new media.Mp4OutputFormat() : new media.WebMOutputFormat();
  const output = new media.Output({ format, target });
  const source = new media.CanvasSource(canvas, { codec, quality });
  output.addVideoTrack(source);
  output.setMetadataTags({ title, comment });
  await output.start();
  for (let i = 0; i < frames; i++) {
    draw(i);
    await source.add(i * delay, i === frames - 1 ? 10 * delay : delay);
  }
  await output.finalize();
  if (!target.buffer) throw lacking;
  return new Uint8Array(target.buffer);
}
