/**
 * A folder of generated images, one PNG each, that is filled chunk by chunk. A chunk's record is written after its images, so what
 * an interrupted command left is taken up again, and only by the same command.
 */
import { decode } from 'fast-png';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { ImageShape } from '../data/dataset';
import { imagePng } from '../figures/png';
import { writeAtomic } from '../lib/atomic';
import { AppError, systemCode } from '../lib/errors';
import type { GeneratedChunk } from '../sampling/generate';

const energies = v.object({ marginal: v.array(v.number()), joint: v.optional(v.array(v.number())) });
const recordSchema = v.object({ from: v.number(), labels: v.array(v.number()), start: energies, end: energies });
/** A chunk without its images: labels, and energies of each image at both ends. */
export type ChunkRecord = v.InferOutput<typeof recordSchema>;

export function recordOf({ from, labels, frames }: GeneratedChunk): ChunkRecord {
  const at = (place: number) => {
    const frame = frames.at(place);
    const marginal = [...(frame?.marginal ?? [])];
    return frame?.joint ? { marginal, joint: [...frame.joint] } : { marginal };
  };
  return { from, labels: [...labels], start: at(0), end: at(-1) };
}

export class SampleFolder {
  private constructor(
    readonly path: string,
    readonly shape: ImageShape,
    readonly provenance: Record<string, string>,
  ) {}

  /** @throws AppError NOT_WRITABLE when the folder holds the samples of another command. */
  static async open(folder: string, shape: ImageShape, provenance: Record<string, string>): Promise<SampleFolder> {
    const place = path.resolve(folder);
    const about = `${JSON.stringify(provenance, undefined, 2)}\n`;
    const before = await readIfThere(path.join(place, 'samples.json'));
    if (before !== undefined && before.toString() !== about)
      throw new AppError(
        'NOT_WRITABLE',
        `'${folder}' holds the samples of another command.`,
        'Choose another folder with --single.',
      );
    if (before === undefined) await writeAtomic(path.join(place, 'samples.json'), about);
    return new SampleFolder(place, shape, provenance);
  }

  /** The whole chunks from the first on, with their images read back; generation goes on after them. */
  async complete(): Promise<{ record: ChunkRecord; images: Float32Array }[]> {
    const found: { record: ChunkRecord; images: Float32Array }[] = [];
    for (;;) {
      const text = await readIfThere(this.#record(found.length));
      const record = text && v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), text.toString());
      if (!record || !record.success) return found;
      const images = await this.#read(record.output);
      if (!images) return found;
      found.push({ record: record.output, images });
    }
  }

  async write(chunk: GeneratedChunk): Promise<void> {
    const stride = chunk.images.length / chunk.labels.length;
    for (const [i, label] of chunk.labels.entries()) {
      const provenance = { ...this.provenance, image: String(chunk.from + i), label: String(label) };
      const image = chunk.images.subarray(i * stride, (i + 1) * stride);
      const png = imagePng(image, this.shape, { scale: 1, provenance });
      await writeAtomic(this.#image(chunk.from + i, label), png);
    }
    await writeAtomic(this.#record(chunk.index), JSON.stringify(recordOf(chunk)));
  }

  #image = (image: number, label: number) =>
    path.join(this.path, `${String(image).padStart(6, '0')}-class${label}.png`);
  #record = (index: number) => path.join(this.path, 'chunks', `${String(index).padStart(6, '0')}.json`);

  /** Undefined where an image is missing or not one of ours. */
  async #read({ from, labels }: ChunkRecord): Promise<Float32Array | undefined> {
    const [height, width, channels] = this.shape;
    const images = new Float32Array(labels.length * height * width * channels);
    for (const [i, label] of labels.entries()) {
      const bytes = await readIfThere(this.#image(from + i, label));
      if (!bytes) return undefined;
      const { data, width: w, height: h, channels: c } = decode(bytes);
      if (w !== width || h !== height || c < channels) return undefined;
      for (let pixel = 0; pixel < height * width; pixel++)
        for (let k = 0; k < channels; k++)
          images[(i * height * width + pixel) * channels + k] = (data[pixel * c + k] ?? 0) / 255;
    }
    return images;
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
