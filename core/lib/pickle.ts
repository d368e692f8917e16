/**
 * The opcodes of Python's pickle (protocols 2 to 5) that data are made of: dicts, lists, tuples, numbers, texts, and what a vocabulary
 * of names builds of them. Nothing is imported or run: an unknown name or opcode is refused, and named.
 */
import { AppError } from './errors';

/** A name that a pickle asks for: it stands for what we rebuild ourselves. */
export class Name {
  constructor(readonly text: string) {}
}
/** What a vocabulary builds. */
export abstract class Built {
  /** What it is, for messages. */
  abstract readonly what: string;
}

export type Pickled = null | boolean | number | string | Uint8Array | Pickled[] | Map<string, Pickled> | Name | Built;

/** What a kind of file may hold, besides plain data. */
export interface Vocabulary {
  /** 'module.name', as the pickle asks for it. */
  readonly names: readonly string[];
  /** What a name gives for its arguments; undefined where it gives nothing that is read. */
  call(name: Name, given: readonly Pickled[]): Pickled | undefined;
  /** Puts a state into what was built; false where it is none for it. */
  setState(target: Pickled, state: Pickled): boolean;
  /** What a persistent id stands for. */
  persistent?(id: Pickled): Pickled | undefined;
  /** Said of a state that is none: 'holds something other than a uint8 array'. */
  readonly strangeState: string;
  /** Said after every refusal. */
  readonly hint: string;
}

const mark = Symbol('mark');
const mostOperations = 4_000_000;

/**
 * Reads one pickle from `from`, and says where it ends.
 * @throws AppError BAD_FILE for what the vocabulary does not have, and for a damaged file.
 */
export function readPickle(
  bytes: Uint8Array,
  where: string,
  vocabulary: Vocabulary,
  from = 0,
): { value: Pickled; end: number } {
  const machine = new Machine(bytes, where, vocabulary, from);
  for (let count = 0; count < mostOperations; count++) {
    const code = machine.number(1);
    if (code === stop) return { value: machine.pop(), end: machine.at };
    const run = operations.get(code);
    if (!run) throw machine.bad(`has the pickle opcode 0x${code.toString(16).padStart(2, '0')}, which is not read`);
    run(machine);
  }
  throw machine.bad(`has more than ${mostOperations} operations`);
}

class Machine {
  readonly #view: DataView;
  readonly #stack: (Pickled | typeof mark)[] = [];
  readonly #memo = new Map<number, Pickled>();
  #at: number;
  #memoised = 0;

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
      const name = textOf(items[i]);
      if (name === undefined) throw this.bad('has a dict whose keys are no texts');
      dict.set(name, items[i + 1] ?? null);
    }
  }

  name(text: string): Name {
    if (!this.vocabulary.names.includes(text)) throw this.bad(`asks for '${text}', which is not read`);
    return new Name(text);
  }

  nameOnStack(): Name {
    const [module = null, name = null] = this.last(2);
    return this.name(`${textOf(module) ?? ''}.${textOf(name) ?? ''}`);
  }

  call(): Pickled {
    const given = this.pop();
    const name = this.pop();
    const made = name instanceof Name && Array.isArray(given) ? this.vocabulary.call(name, given) : undefined;
    if (made === undefined)
      throw this.bad(`makes something of '${name instanceof Name ? name.text : 'no name'}' that is not read`);
    return made;
  }

  setState(): void {
    const state = this.pop();
    if (!this.vocabulary.setState(this.top(), state)) throw this.bad(this.vocabulary.strangeState);
  }

  persistent(): Pickled {
    const found = this.vocabulary.persistent?.(this.pop());
    if (found === undefined) throw this.bad('refers to data outside it that are not read');
    return found;
  }
}

/** A text, of Python 2 or 3. */
export function textOf(value: Pickled | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array && value.length < 1000 ? Buffer.from(value).toString('latin1') : undefined;
}

const stop = 0x2e;
const operations: ReadonlyMap<number, (machine: Machine) => void> = new Map(
  Object.entries<(machine: Machine) => void>({
    '\x80': (m) => {
      const protocol = m.number(1);
      if (protocol < 2 || protocol > 5) throw m.bad(`is of pickle protocol ${protocol}`);
    },
    '}': (m) => m.push(new Map()),
    ']': (m) => m.push([]),
    ')': (m) => m.push([]),
    '(': (m) => m.push(mark),
    q: (m) => m.keep(m.number(1)),
    r: (m) => m.keep(m.number(4)),
    h: (m) => m.push(m.recall(m.number(1))),
    j: (m) => m.push(m.recall(m.number(4))),
    K: (m) => m.push(m.number(1)),
    M: (m) => m.push(m.number(2)),
    J: (m) => m.push(m.number(4)),
    N: (m) => m.push(null),
    '\x88': (m) => m.push(true),
    '\x89': (m) => m.push(false),
    U: (m) => m.push(m.take(m.number(1))),
    T: (m) => m.push(m.take(m.number(4))),
    X: (m) => m.push(Buffer.from(m.take(m.number(4))).toString('utf8')),
    a: (m) => m.append([m.pop()]),
    e: (m) => m.append(m.sinceMark()),
    s: (m) => m.setItems(m.last(2)),
    u: (m) => m.setItems(m.sinceMark()),
    '\x85': (m) => m.push(m.last(1)),
    '\x86': (m) => m.push(m.last(2)),
    '\x87': (m) => m.push(m.last(3)),
    t: (m) => m.push(m.sinceMark()),
    c: (m) => m.push(m.name(`${m.line()}.${m.line()}`)),
    '\x93': (m) => m.push(m.nameOnStack()),
    '\x95': (m) => void m.take(8),
    '\x94': (m) => m.keep(),
    '\x8c': (m) => m.push(Buffer.from(m.take(m.number(1))).toString('utf8')),
    '\x8d': (m) => m.push(Buffer.from(m.take(m.length())).toString('utf8')),
    C: (m) => m.push(m.take(m.number(1))),
    B: (m) => m.push(m.take(m.number(4))),
    '\x8e': (m) => m.push(m.take(m.length())),
    G: (m) => m.push(m.real()),
    '\x8a': (m) => m.push(m.long(m.number(1))),
    '\x8b': (m) => m.push(m.long(m.number(4))),
    Q: (m) => m.push(m.persistent()),
    '0': (m) => void m.pop(),
    '\x81': (m) => m.push(m.call()),
    R: (m) => m.push(m.call()),
    b: (m) => m.setState(),
  }).map(([symbol, run]) => [symbol.charCodeAt(0), run]),
);
