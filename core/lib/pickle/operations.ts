/** The opcodes that are read, and the names of the others, as in Python's pickletools. */
import { type Machine, mark } from './machine';

export const stop = 0x2e;
export const operations: ReadonlyMap<number, (machine: Machine) => void> = new Map(
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

/** The opcodes that are not read: of protocols 0 and 1, and those that run, copy or share what data need not. */
const refused: Readonly<Record<string, string>> = {
  ...{
    I: 'INT',
    L: 'LONG',
    S: 'STRING',
    V: 'UNICODE',
    F: 'FLOAT',
    l: 'LIST',
    d: 'DICT',
    g: 'GET',
    p: 'PUT',
    P: 'PERSID',
  },
  ...{ i: 'INST', o: 'OBJ', '\x82': 'EXT1', '\x83': 'EXT2', '\x84': 'EXT4', '\x92': 'NEWOBJ_EX' },
  ...{ '\x8f': 'EMPTY_SET', '\x90': 'ADDITEMS', '\x91': 'FROZENSET', '1': 'POP_MARK', '2': 'DUP' },
  ...{ '\x96': 'BYTEARRAY8', '\x97': 'NEXT_BUFFER', '\x98': 'READONLY_BUFFER' },
};

/** '0x69 (INST)'; the number alone where pickletools has no name for it. */
export function opcodeName(code: number): string {
  const name = refused[String.fromCharCode(code)];
  return `0x${code.toString(16).padStart(2, '0')}${name ? ` (${name})` : ''}`;
}
