/** The state of a pickle's machine: a stack, a memo, a place in the bytes. Each use of it is bounded by what the file has. */
import { brief } from '../brief';
import { AppError } from '../errors';
import { Name, type Pickled, type Vocabulary, textOf } from './values';

export const mark = Symbol('mark');

/** Of one pickle; the largest that we know of, CIFAR-100's file names, has 350,000. */
const mostOperations = 2 ** 20;

export class Machine {
  readonly #view: DataView;
  readonly #stack: (Pickled | typeof mark)[] = [];
  readonly #memo = new Map<number, Pickled>();
  #at: number;
  #memoised = 0;
  #operations = 0;
  #work = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly where: string,
    readonly vocabulary: Vocabulary,
    from: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = from;
  }

  get at(): number {
    return this.#at;
  }

  bad(what: string): AppError {
    return new AppError('BAD_FILE', `'${this.where}' ${what} (byte ${this.#at}).`, this.vocabulary.hint);
  }

  /** Counts an operation. */
  count(): void {
    if (++this.#operations > mostOperations) throw this.bad(`has more than ${mostOperations} operations`);
  }

  /** Counts what a vocabulary reads again: a memo lets a short pickle ask for the same long list a million times. */
  #spend(given: readonly Pickled[]): void {
    for (const value of given)
      if (Array.isArray(value)) this.#work += 64 * value.length;
      else if (typeof value === 'string' || value instanceof Uint8Array) this.#work += value.length;
    if (this.#work > mostOperations + 64 * this.bytes.length) throw this.bad('repeats itself too often');
  }

  take(size: number): Uint8Array {
    if (!(size >= 0 && this.#at + size <= this.bytes.length)) throw this.bad('is cut off');
    this.#at += size;
    return this.bytes.subarray(this.#at - size, this.#at);
  }

  number(size: 1 | 2 | 4): number {
    this.take(size);
    if (size === 1) return this.#view.getUint8(this.#at - 1);
    return size === 2 ? this.#view.getUint16(this.#at - 2, true) : this.#view.getInt32(this.#at - 4, true);
  }

  real(): number {
    this.take(8);
    return this.#view.getFloat64(this.#at - 8, false);
  }

  /** A length of eight bytes, as far as a file can have it. */
  length(): number {
    this.take(8);
    const size = this.#view.getBigUint64(this.#at - 8, true);
    return size > BigInt(this.bytes.length) ? this.bytes.length + 1 : Number(size);
  }

  /** A whole number of so many bytes, least first, with its sign; at most 2^53. */
  long(size: number): number {
    if (size > 16) throw this.bad(`has a number of ${size} bytes`);
    const bytes = this.take(size);
    const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return Number(BigInt.asIntN(8 * size, value));
  }

  line(): string {
    const end = this.bytes.indexOf(10, this.#at);
    const text = this.take((end < 0 ? this.bytes.length : end) - this.#at);
    this.take(1);
    return Buffer.from(text.subarray(0, 100)).toString('latin1');
  }

  push(value: Pickled | typeof mark): void {
    this.#stack.push(value);
  }

  pop(): Pickled {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) throw this.bad('has an operation without operands');
    return value;
  }

  top(): Pickled {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** The last `size` values, in the order in which they came. */
  last(size: number): Pickled[] {
    return Array.from({ length: size }, () => this.pop()).reverse();
  }

  sinceMark(): Pickled[] {
    const from = this.#stack.lastIndexOf(mark);
    if (from < 0) throw this.bad('has an operation without operands');
    return this.#stack.splice(from).filter((value) => value !== mark);
  }

  keep(index = this.#memoised): void {
    this.#memo.set(index, this.top());
    this.#memoised = this.#memo.size;
  }

  recall(index: number): Pickled {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.bad('recalls what it never kept');
    return value;
  }

  append(items: readonly Pickled[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.bad('appends to what is no list');
    for (const item of items) list.push(item);
  }

  setItems(items: readonly Pickled[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw this.bad('sets items of what is no dict');
    for (let i = 0; i + 1 < items.length; i += 2) {
      const key = items[i];
      const name = typeof key === 'number' ? String(key) : textOf(key);
      if (name === undefined) throw this.bad('has a dict whose keys are no texts');
      dict.set(name, items[i + 1] ?? null);
    }
  }

  name(text: string): Name {
    if (!this.vocabulary.names.includes(text)) throw this.bad(`asks for '${brief(text)}', which is not read`);
    return new Name(text);
  }

  nameOnStack(): Name {
    const [module = null, name = null] = this.last(2);
    return this.name(`${textOf(module) ?? ''}.${textOf(name) ?? ''}`);
  }

  call(): Pickled {
    const given = this.pop();
    const name = this.pop();
    if (Array.isArray(given)) this.#spend(given);
    const made = name instanceof Name && Array.isArray(given) ? this.vocabulary.call(name, given) : undefined;
    if (made === undefined)
      throw this.bad(`makes something of '${name instanceof Name ? name.text : 'no name'}' that is not read`);
    return made;
  }

  setState(): void {
    const state = this.pop();
    if (Array.isArray(state)) this.#spend(state);
    if (!this.vocabulary.setState(this.top(), state)) throw this.bad(this.vocabulary.strangeState);
  }

  persistent(): Pickled {
    const found = this.vocabulary.persistent?.(this.pop());
    if (found === undefined) throw this.bad('refers to data outside it that are not read');
    return found;
  }
}
