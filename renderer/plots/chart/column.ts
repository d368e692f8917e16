/** A column of numbers that grows at its end and can be cut: one typed array, doubled when it is full. */
export class Column {
  #values: Float64Array;
  #length = 0;

  constructor(room = 256) {
    this.#values = new Float64Array(room);
  }

  get length(): number {
    return this.#length;
  }
  /** The array itself, of which the first `length` values count; valid until the next append. For inner loops. */
  get raw(): Float64Array {
    return this.#values;
  }
  /** What is there, without a copy; valid until the next append. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  push(value: number): void {
    this.#reserve(1);
    this.#values[this.#length++] = value;
  }

  append(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  /** Keeps the first `length` values. */
  cut(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#values.length) return;
    const larger = new Float64Array(Math.max(needed, 2 * this.#values.length));
    larger.set(this.values);
    this.#values = larger;
  }
}

/** The first index at which rising `values` are at least `wanted`. */
export function lowerBound(values: ArrayLike<number>, wanted: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? NaN) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index whose value is nearest to `wanted`; -1 where there is none. */
export function nearestIndex(values: ArrayLike<number>, wanted: number): number {
  const after = lowerBound(values, wanted);
  if (after === 0) return values.length > 0 ? 0 : -1;
  if (after === values.length) return after - 1;
  return wanted - (values[after - 1] ?? NaN) <= (values[after] ?? NaN) - wanted ? after - 1 : after;
}
