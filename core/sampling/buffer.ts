/**
 * Replay buffer of sampling chains (Du & Mordatch 2019): each slot keeps where a chain stands and its class. On the host; every draw
 * is a pure function of its key, so a resumed run draws the same slots.
 */
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import type { Key } from '../lib/key';
import { permutation, uniforms } from '../lib/philox';

export interface StoredArray {
  readonly shape: number[];
  readonly data: Float32Array | Int32Array;
}

export class ReplayBuffer {
  readonly size: number;
  readonly #stride: number;

  /** Takes ownership of images [size, h, w, c] and labels [size]. */
  constructor(
    readonly images: Float32Array,
    readonly labels: Int32Array,
    readonly shape: ImageShape,
  ) {
    this.size = labels.length;
    this.#stride = shape[0] * shape[1] * shape[2];
    if (this.size === 0 || images.length !== this.size * this.#stride)
      throw new AppError('BAD_DATA', `A replay buffer of ${labels.length} slots cannot hold ${images.length} values.`);
  }

  /** n different slots. @throws AppError BAD_OPTION when the buffer has fewer. */
  draw(key: Key, n: number): Uint32Array {
    if (n > this.size)
      throw new AppError('BAD_OPTION', `Cannot draw ${n} chains from a replay buffer of ${this.size} slots.`);
    return permutation(key, this.size).slice(0, n);
  }

  /** Those of the slots that start afresh: each with probability `reinit`. */
  fresh(key: Key, slots: Uint32Array, reinit: number): Uint32Array {
    const chances = uniforms(key, slots.length);
    return slots.filter((_, i) => (chances[i] ?? 1) < reinit);
  }

  labelsOf(slots: Uint32Array): Int32Array {
    return Int32Array.from(slots, (slot) => this.labels[slot] ?? 0);
  }

  /** Copies of the slots' images [n, h, w, c] and labels [n]. */
  gather(slots: Uint32Array): { x: Float32Array; y: Int32Array } {
    const x = new Float32Array(slots.length * this.#stride);
    slots.forEach((slot, i) =>
      x.set(this.images.subarray(slot * this.#stride, (slot + 1) * this.#stride), i * this.#stride),
    );
    return { x, y: this.labelsOf(slots) };
  }

  /** Writes images [n, h, w, c] into the slots. */
  put(slots: Uint32Array, x: Float32Array): void {
    if (x.length !== slots.length * this.#stride)
      throw new Error(`${x.length} values do not fill ${slots.length} slots of ${this.#stride}`);
    slots.forEach((slot, i) =>
      this.images.set(x.subarray(i * this.#stride, (i + 1) * this.#stride), slot * this.#stride),
    );
  }

  /** The whole state, as named arrays (views, not copies). */
  serialise(): Record<string, StoredArray> {
    return {
      'buffer.images': { shape: [this.size, ...this.shape], data: this.images },
      'buffer.labels': { shape: [this.size], data: this.labels },
    };
  }

  /** The buffer that `serialise` described. @throws AppError BAD_DATA when the arrays are missing or do not fit. */
  static restore(
    arrays: Readonly<Record<string, { readonly data: ArrayLike<number> }>>,
    shape: ImageShape,
  ): ReplayBuffer {
    const images = arrays['buffer.images'];
    const labels = arrays['buffer.labels'];
    if (!images || !labels) throw new AppError('BAD_DATA', 'The checkpoint holds no replay buffer.');
    return new ReplayBuffer(Float32Array.from(images.data), Int32Array.from(labels.data), shape);
  }
}
