/** Checkpoints that someone made to do harm, and damaged ones: each is refused in one sentence, at once, with little memory. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openWeights } from '../../core/models/checkpoints/open';
import { readTorch } from '../../core/models/checkpoints/torch';
import { AppError } from '../../core/lib/errors';
import { operations, stop } from '../../core/lib/pickle/operations';
import {
  bytesOf,
  checkpoint,
  dict,
  int,
  legacy,
  long,
  name,
  pickle,
  plain,
  sixFloats,
  storage,
  tensor,
  text,
  tuple,
} from './pickled';
import { fixture } from './reference';

/** What it is refused with; fails where it is not, or takes long. */
function refusal(bytes: Uint8Array): string {
  const start = performance.now();
  try {
    openWeights(bytes, 'x.pth');
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'BAD_FILE', message: expect.stringMatching(/^'x\.pth.{0,400}\.$/) });
    expect(performance.now() - start).toBeLessThan(5000);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('it was read');
}

it('what these are made like is read', () => {
  const both = Float32Array.of(1, 2, 3, 4, 5, 6);
  const one = new Map([['w', { shape: [2, 3], data: both }]]);
  expect(readTorch(checkpoint(dict({ w: tensor(plain) })), 'x.pth')).toEqual(one);
  const behind = `${pickle(`](${text('0')}e`)}\x06${'\0'.repeat(7)}${Buffer.from(sixFloats).toString('latin1')}`;
  expect(readTorch(legacy(dict({ w: tensor(plain) }), behind), 'x.pth')).toEqual(one);
});

const strange: Readonly<Record<string, string>> = {
  ...{ INT: 'I', LONG: 'L', STRING: 'S', UNICODE: 'V', FLOAT: 'F', LIST: 'l', DICT: 'd', GET: 'g', PUT: 'p' },
  ...{
    PERSID: 'P',
    INST: 'i',
    OBJ: 'o',
    EXT1: '\x82',
    EXT2: '\x83',
    EXT4: '\x84',
    NEWOBJ_EX: '\x92',
    EMPTY_SET: '\x8f',
  },
  ...{ ADDITEMS: '\x90', FROZENSET: '\x91', POP_MARK: '1', DUP: '2', BYTEARRAY8: '\x96', NEXT_BUFFER: '\x97' },
  READONLY_BUFFER: '\x98',
};
it.each(Object.entries(strange))('the opcode %s is refused by name', (opcode, symbol) => {
  expect(refusal(checkpoint(`}${symbol}os\nsystem\n`))).toContain(`(${opcode}), which is not read`);
});

it('every byte that is no opcode is refused', () => {
  const read = new Set([...operations.keys(), stop]);
  const others = Array.from({ length: 256 }, (_, code) => code).filter((code) => !read.has(code));
  expect(others).toHaveLength(256 - 44);
  for (const code of others)
    expect(refusal(checkpoint(`}${String.fromCharCode(code)}`))).toContain(
      `opcode 0x${code.toString(16).padStart(2, '0')}`,
    );
});

it.each([
  ['os', 'system'],
  ['builtins', 'eval'],
  ['__builtin__', 'exec'],
  ['subprocess', 'Popen'],
  ['torch.hub', 'load'],
  ['torch.storage', '_load_from_bytes'],
  ['collections', 'OrderedDict.__init__'],
  ['__proto__', 'constructor'],
])('%s.%s is refused by name, however it is asked for', (module, attribute) => {
  const said = `asks for '${module}.${attribute}', which is not read`;
  expect(refusal(checkpoint(`${name(module, attribute)}${tuple(text('id'))}R`))).toContain(said);
  expect(refusal(checkpoint(`${text(module)}${text(attribute)}\x93)R`))).toContain(said);
});

const rebuild = name('torch._utils', '_rebuild_tensor_v2');
const ordered = name('collections', 'OrderedDict');
const view = (change: Partial<Parameters<typeof tensor>[0]>) =>
  checkpoint(dict({ w: tensor({ ...plain, ...change }) }));
const huge = long(2n ** 52n);

describe('views', () => {
  it.each([
    ['past the end', view({ offset: int(1) }), 'a view of 6 numbers, up to place 6, of a storage of 6'],
    ['at a negative place', view({ offset: int(-1) }), 'makes something of'],
    ['with negative strides', view({ strides: [int(-3), int(1)] }), 'makes something of'],
    ['with huge strides', view({ strides: [huge, huge] }), 'a view of 6 numbers'],
    ['that repeat one number', view({ shape: [int(9), int(9)], strides: [int(0), int(0)] }), 'a view of 81 numbers'],
    ['of huge size', view({ shape: [huge, huge, huge], strides: [int(0), int(0), int(0)] }), 'unfolds to more than'],
    ['of a size and strides that differ', view({ strides: [int(1)] }), 'makes something of'],
    ['with texts as sizes', view({ shape: [text('2'), int(3)] }), 'makes something of'],
    [
      'of many axes',
      view({ shape: new Array<string>(9).fill(int(1)), strides: new Array<string>(9).fill(int(1)) }),
      'makes something of',
    ],
    ['of a storage that is not there', view({ key: '7' }), "storage '7' that is not there"],
    ['of a storage with a path', view({ key: '../../0' }), "storage '../../0' that is not there"],
    ['of a storage said to be longer', view({ count: int(7) }), 'cut off'],
    ['of a storage said to be huge', view({ count: huge }), 'cut off'],
    ['of a storage of unknown numbers', view({ kind: 'ComplexFloatStorage' }), "asks for 'torch.ComplexFloatStorage'"],
    ['of doubles where there are floats', view({ kind: 'DoubleStorage' }), 'cut off'],
    ['of no storage', checkpoint(`${rebuild}${tuple('N', int(0), tuple(), tuple())}R`), 'makes something of'],
    ['of a persistent text', checkpoint(`${text('storage')}Q`), 'refers to data outside it'],
  ])('%s', (_, bytes, said) => {
    expect(refusal(bytes)).toContain(said);
  });

  it('many of one storage do not fill the memory', () => {
    const floats = new Uint8Array(2 ** 22);
    const big = { key: '0', count: int(2 ** 20), shape: [int(2 ** 20)], strides: [int(1)] };
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`w${i}`, tensor(big)]));
    expect(refusal(checkpoint(dict(many), { 'a/data/0': floats }))).toContain('unfolds to more than');
  });

  it('an odd number of bytes in a storage is no crash', () => {
    const odd = checkpoint(dict({ w: tensor(plain) }), { 'a/data/0': new Uint8Array([...sixFloats, 1]) });
    expect(readTorch(odd, 'x.pth').get('w')?.data).toHaveLength(6);
  });
});

describe('graphs', () => {
  it.each([
    ['a list that holds itself', ']q\0h\0a'],
    ['a list that holds itself a thousand times', `]q\0(${'h\0'.repeat(1000)}e`],
    ['a dict that holds itself', `}q\0${text('a')}h\0s`],
    ['two that hold each other', `}q\0${text('a')}]q\x01h\0as`],
  ])('%s has no tensors, and is read at once', (_, content) => {
    expect(readTorch(checkpoint(content), 'x.pth').size).toBe(0);
  });

  it('doubling lists are not gone through twice', () => {
    const levels = Array.from(
      { length: 14 },
      (_, i) => `]q${String.fromCharCode(i + 1)}(${`h${String.fromCharCode(i)}`.repeat(200)}e`,
    );
    expect(readTorch(checkpoint(`]q\0${levels.join('')}`), 'x.pth').size).toBe(0);
  });

  it.each([
    ['deep lists', `${']'.repeat(500)}${'a'.repeat(499)}`, 'nested deeper than 16'],
    ['a million dicts', '}'.repeat(1_100_000), 'more than 1048576 operations'],
    [
      'a dict made of a long list, again and again',
      `(${`${text('a')}N\x86`.repeat(20_000)}tq\0${`0${ordered}h\0\x85R`.repeat(50_000)}`,
      'repeats itself',
    ],
    ['nothing on the stack', '0', 'without operands'],
    ['a mark without an end', '(', 'without operands'],
    ['an item for no dict', `N${text('a')}Ns`, 'sets items of what is no dict'],
    ['a dict whose keys are tensors', `}${tensor(plain)}Ns`, 'keys are no texts'],
    ['a memo that was never kept', 'h\x05', 'recalls what it never kept'],
    ['protocol 9', '\x80\x09N', 'pickle protocol 9'],
    ['a text of two gigabytes', 'X\xff\xff\xff\x7fabc', 'is cut off'],
    ['a text of a negative length', 'X\xff\xff\xff\xffabc', 'is cut off'],
    ['a text of 2^63 bytes', `\x8d${'\xff'.repeat(8)}abc`, 'is cut off'],
    ['a number of 255 bytes', `\x8a\xff${'\x01'.repeat(255)}`, 'a number of 255 bytes'],
    ['a state for what takes none', `${tensor(plain)}}b`, 'gives a state'],
    ['a call of no name', `N)R`, "makes something of 'no name'"],
    ['two tensors of one name', dict({ 'a.b': tensor(plain), a: dict({ b: tensor(plain) }) }), "two tensors 'a.b'"],
  ])('%s', (_, content, said) => {
    expect(refusal(checkpoint(content))).toContain(said);
  });

  it('names that are special in JavaScript are only names', () => {
    const { tensors } = openWeights(checkpoint(dict({ __proto__x: tensor(plain), constructor: tensor(plain) })), 'x');
    expect(Object.keys(tensors)).toEqual(['__proto__x', 'constructor']);
    const proto = openWeights(
      checkpoint(`}(${text('__proto__')}${dict({ w: tensor(plain) })}${text('a')}${tensor(plain)}u`),
      'x',
    );
    expect(Object.keys(proto.tensors)).toEqual(['__proto__.w', 'a']);
    expect(Object.getPrototypeOf(proto.tensors)).toBe(Object.prototype);
  });
});

describe('the older form', () => {
  const keys = (...names: string[]) => pickle(`](${names.map(text).join('')}e`);
  const content = dict({ w: tensor(plain) });
  const six = `\x06${'\0'.repeat(7)}${'\0'.repeat(24)}`;
  it.each([
    ['of a big-endian machine', legacy(content, keys('0') + six, dict({ little_endian: '\x89' })), 'big-endian'],
    ['cut off in its numbers', legacy(content, keys('0') + six.slice(0, -1)), 'cut off'],
    ['cut off before its keys', legacy(content, ''), 'cut off'],
    ['whose keys are no list', legacy(content, pickle('N')), 'no list of its storages'],
    ['with a storage that no tensor names', legacy(content, keys('9', '0') + six), "storage '9' that no tensor names"],
    ['with a storage of two sizes', legacy(content, keys('0') + six.replace('\x06', '\x05')), 'of two sizes'],
    ['of another magic number', bytesOf(pickle(dict({ w: 'N' }))), 'is a pickle, but no PyTorch checkpoint'],
    ['with a huge storage', legacy(`${storage({ count: huge })}`, keys('0') + six), 'cut off'],
  ])('%s', (_, bytes, said) => {
    expect(refusal(bytes)).toContain(said);
  });
});

describe('archives', () => {
  const content = bytesOf(pickle(dict({ w: tensor(plain) })));
  const good = (): Buffer => Buffer.from(checkpoint(dict({ w: tensor(plain) })));
  const at = (bytes: Buffer, signature: number[], nth = 0): number => {
    let found = -1;
    for (let i = 0; i <= nth; i++) found = bytes.indexOf(Buffer.from(signature), found + 1);
    return found;
  };
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = good();
    change(bytes);
    return bytes;
  };
  const entry = [0x50, 0x4b, 1, 2];
  const end = [0x50, 0x4b, 5, 6];
  it.each([
    ['a bomb', zipSync({ 'a/data.pkl': content, 'a/data/0': new Uint8Array(2 ** 26 + 1) }), 'more than the'],
    [
      'a bomb in parts',
      zipSync({
        'a/data.pkl': content,
        ...Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`a/data/${i}`, new Uint8Array(2 ** 24)])),
      }),
      'more than the',
    ],
    ['two checkpoints', zipSync({ 'a/data.pkl': content, 'b/data.pkl': content }), 'two checkpoints'],
    ['no checkpoint', zipSync({ 'a/version': bytesOf('3') }), 'no PyTorch checkpoint'],
    [
      'a big-endian machine',
      zipSync({ 'a/data.pkl': content, 'a/byteorder': bytesOf('big'), 'a/data/0': sixFloats }),
      'big-endian',
    ],
    ['a pickle that never ends', zipSync({ 'a/data.pkl': bytesOf('\x80\x02NN') }), 'cut off'],
    ['two members of one name', twice(), "two members 'a/data.pkl'"],
    ['members that share their bytes', sharing(), 'share their bytes'],
    ['an encrypted member', changed((bytes) => bytes.writeUInt16LE(1, at(bytes, entry) + 8)), 'packed in a way'],
    ['an unknown packing', changed((bytes) => bytes.writeUInt16LE(99, at(bytes, entry) + 10)), 'packed in a way'],
    ['a directory elsewhere', changed((bytes) => bytes.writeUInt32LE(0xfffffff0, at(bytes, end) + 16)), 'cut off'],
    ['a member elsewhere', changed((bytes) => bytes.writeUInt32LE(5, at(bytes, entry) + 42)), 'damaged directory'],
    ['a changed number', changed((bytes) => void (bytes[good().indexOf(Buffer.from(sixFloats))] = 9)), 'CRC-32'],
    ['a size that is not its own', changed((bytes) => bytes.writeUInt32LE(7, at(bytes, entry) + 24)), 'CRC-32'],
    ['no directory', good().subarray(0, -30), 'cut off'],
    ['only its first bytes', good().subarray(0, 4), 'cut off'],
  ])('with %s', (_, bytes, said) => {
    expect(refusal(new Uint8Array(bytes))).toContain(said);
  });

  function twice(): Buffer {
    const bytes = Buffer.from(zipSync({ 'a/data.pkl': content, 'a/data.pkx': content }));
    bytes.write('data.pkl', at(bytes, entry, 1) + 48, 'latin1');
    return bytes;
  }

  /** Ten thousand names for the same bytes. */
  function sharing(): Buffer {
    const bytes = Buffer.from(zipSync({ 'a/data.pkl': content, 'a/data/0': new Uint8Array(2 ** 20) }, { level: 0 }));
    const directory = at(bytes, entry);
    const second = bytes.subarray(at(bytes, entry, 1), at(bytes, end));
    const names = Array.from({ length: 10_000 }, (_, i) => {
      const named = Buffer.concat([second, Buffer.from(String(i).padStart(5, '0'))]);
      named.writeUInt16LE(second.readUInt16LE(28) + 5, 28);
      return named;
    });
    const tail = Buffer.from(bytes.subarray(at(bytes, end)));
    tail.writeUInt16LE(10_001, 10);
    tail.writeUInt32LE(directory, 16);
    return Buffer.concat([bytes.subarray(0, at(bytes, entry, 1)), ...names, tail]);
  }

  it('the tar form is refused with a hint', () => {
    const tar = new Uint8Array(1024);
    tar.set(bytesOf('ustar'), 257);
    expect(() => openWeights(tar, 'x.pth')).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('tar form'),
        hint: expect.stringContaining('torch.save'),
      }),
    );
  });
});

it.each(['kinds.pth', 'kinds-legacy.pth', 'training.pth', 'half.npz'])('%s, cut off anywhere, is refused', (file) => {
  const whole = fixture(`torch/${file}`);
  for (let length = 1; length < whole.length; length += 37) refusal(whole.subarray(0, length));
});
