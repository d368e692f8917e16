/**
 * The Mersenne Twister (Matsumoto & Nishimura 1998, MT19937) as numpy's RandomState seeds and uses it, so that sets are shuffled and
 * drawn exactly as torch-fidelity does with its seed of 2020.
 */

const [size, shift] = [624, 397];

export class RandomState {
  readonly #words = new Uint32Array(size);
  #at = size;

  /** @param seed 0 to 2^32 - 1. */
  constructor(seed: number) {
    let word = seed >>> 0;
    for (let i = 0; i < size; i++) {
      this.#words[i] = word;
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i + 1) >>> 0;
    }
  }

  /** The next 32 bits. */
  next(): number {
    if (this.#at === size) this.#renew();
    let y = this.#words[this.#at++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A whole number from 0 to `most`: bits under the smallest mask, until one fits. */
  upTo(most: number): number {
    if (most === 0) return 0;
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const value = (this.next() & mask) >>> 0;
      if (value <= most) return value;
    }
  }

  /** numpy's RandomState.permutation(n). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.upTo(i);
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    return order;
  }

  /** numpy's RandomState.choice(n, count, replace=False). */
  choice(n: number, count: number): Uint32Array {
    return this.permutation(n).subarray(0, count);
  }

  #renew(): void {
    const words = this.#words;
    for (let i = 0; i < size; i++) {
      const y = ((words[i] ?? 0) & 0x80000000) | ((words[(i + 1) % size] ?? 0) & 0x7fffffff);
      words[i] = (words[(i + shift) % size] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}
