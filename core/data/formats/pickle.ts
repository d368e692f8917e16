/**
 * The few opcodes of Python's pickle (protocol 2) that the CIFAR batches are made of: dicts, lists, tuples, numbers, strings and uint8
 * arrays. Nothing is imported or run: an unknown name or opcode is refused, and named.
 */
import { AppError } from '../../lib/errors';
import { type DataType, Name, type PickledArray, call, knownNames, setState, textOf } from './pickle-numpy';

export type Pickled =
  null | boolean | number | string | Uint8Array | Pickled[] | Map<string, Pickled> | Name | DataType | PickledArray;

const mark = Symbol('mark');
const mostOperations = 4_000_000;

/** @throws AppError BAD_FILE for what CIFAR's files do not use, and for a damaged file. */
export function readPickle(bytes: Uint8Array, where: string): Pickled {
  const machine = new Machine(bytes, where);
  for (let count = 0; count < mostOperations; count++) {
    const code = machine.number(1);
    if (code === stop) return machine.pop();
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
  #at = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly where: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  bad(what: string): AppError {
    return new AppError(
      'BAD_FILE',
      `'${this.where}' ${what} (byte ${this.#at}).`,
      'It is damaged, or no file of CIFAR.',
    );
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

  keep(index: number): void {
    this.#memo.set(index, this.top());
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

  name(): Name {
    const text = `${this.line()}.${this.line()}`;
    if (!knownNames.includes(text)) throw this.bad(`asks for '${text}', which is not read`);
    return new Name(text);
  }

  call(): Pickled {
    const given = this.pop();
    const made = call(this.pop(), given);
    if (made === undefined) throw this.bad('makes something other than a uint8 array');
    return made;
  }

  setState(): void {
    const state = this.pop();
    if (!setState(this.top(), state)) throw this.bad('holds something other than a uint8 array in C order');
  }
}

const stop = 0x2e;
const operations: ReadonlyMap<number, (machine: Machine) => void> = new Map(
  Object.entries<(machine: Machine) => void>({
    '\x80': (m) => {
      if (m.number(1) !== 2) throw m.bad('is not of pickle protocol 2');
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
    c: (m) => m.push(m.name()),
    R: (m) => m.push(m.call()),
    b: (m) => m.setState(),
  }).map(([symbol, run]) => [symbol.charCodeAt(0), run]),
);
