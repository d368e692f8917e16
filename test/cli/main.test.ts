import { expect, test } from 'vitest';
import { type CommandEntry, defineCommand } from '../../core/cli/command';
import type { CommandRow } from '../../core/cli/commands';
import { runCli } from '../../core/cli/main';
import { AppError, type ErrorCode, errorCodes } from '../../core/lib/errors';
import { lowlandVersion } from '../../core/lib/paths';
import { choice, count, distance, flag, list } from '../../core/lib/options';

const echo = defineCommand({
  id: 'echo',
  summary: 'Gives back what it was given.',
  examples: ['lowland echo one --steps 3'],
  arguments: [
    { name: 'word', help: 'Any.', required: true },
    { name: 'more...', help: 'Others.', required: false },
  ],
  options: {
    steps: count(10, 'Steps.', { min: 1, max: 100 }),
    energyL2: distance('8/255', 'A radius.'),
    norm: choice(['linf', 'l2'], 'linf', 'A norm.'),
    clamp: flag(true, 'Stay in [0,1].'),
    verbose: flag(false, 'Say more.'),
    levels: list([1, 2], 'Levels.'),
  },
  run: async (words, options, { seed, engine, out, set, progress }) => {
    progress.note('working');
    return { json: { words, options, seed, engine, out, set }, text: 'done' };
  },
});
const failing = (id: string, thrown: unknown): CommandEntry =>
  defineCommand({ id, summary: '', examples: [], arguments: [], options: {}, run: () => Promise.reject(thrown) });
const codes = Object.keys(errorCodes) as ErrorCode[];
const entries: CommandEntry[] = [
  echo,
  failing('bad defect', new TypeError('x is not a function\n    at somewhere')),
  failing('bad system', Object.assign(new Error('no'), { code: 'ENOSPC', path: '/full/file' })),
  ...codes.map((code) => failing(`fail ${code.toLowerCase()}`, new AppError(code, 'A sentence.', 'A hint.'))),
];
const table: CommandRow[] = entries.map((entry) => ({ id: entry.id, summary: entry.summary, load: async () => entry }));

async function cli(line: string, signal = new AbortController().signal) {
  let [out, err] = ['', ''];
  const streams = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  };
  const code = await runCli(line === '' ? [] : line.split(' '), streams, signal, table);
  return { code, out, err };
}

test('flags come from the schema, global flags from anywhere, and --json prints one document alone', async () => {
  const { code, out, err } = await cli(
    '--seed 7 echo a b --steps 3 --energy-l2 4/255 --no-clamp --verbose --levels 5,6 --set x.y=1=2 --set z= --engine cpu --json --out here',
  );
  expect(code).toBe(0);
  expect(out.endsWith('\n')).toBe(true);
  expect(JSON.parse(out)).toEqual({
    words: ['a', 'b'],
    options: { steps: 3, energyL2: 4 / 255, norm: 'linf', clamp: false, verbose: true, levels: [5, 6] },
    seed: 7,
    engine: 'cpu',
    out: 'here',
    set: { 'x.y': '1=2', z: '' },
  });
  expect(err).toBe('working\n');
});

test('without --json the text is printed; --quiet silences progress', async () => {
  expect(await cli('echo a --quiet')).toEqual({ code: 0, out: 'done\n', err: '' });
});

test.each([
  ['ecko a', 2, "error[UNKNOWN_NAME]: Unknown command 'ecko'.\n  Did you mean 'echo'?"],
  ['bad defct', 2, "Did you mean 'bad defect'?"],
  ['bad', 2, "'lowland bad' needs one of defect, system."],
  ['--json', 2, 'No command is given.'],
  ['echo', 2, "error[USAGE]: Missing required argument 'word'.\n  See 'lowland echo --help'."],
  ['echo a --stps 3', 2, "error[USAGE]: Unknown option '--stps'.\n  Did you mean --steps?"],
  ['echo a --steps', 2, 'argument missing'],
  ['echo a --steps 0', 2, 'error[BAD_OPTION]: --steps is "0"; it must be a whole number from 1 to 100.'],
  ['echo a --energy-l2 -1', 2, 'error[BAD_OPTION]: --energy-l2 is "-1"; it must be a number of at least 0.'],
  ['echo a --norm l1', 2, "must be one of linf, l2.\n  Did you mean 'l2'?"],
  ['echo a --seed 1.5', 2, "--seed is '1.5'"],
  ['echo a --engine wsam', 2, "Unknown engine 'wsam'.\n  Did you mean 'wasm'?"],
  ['echo a --set epochs', 2, "--set is given 'epochs'; it must be name=value."],
  ['bad defect', 1, 'error[FAILED]: x is not a function\n  This is a defect of Lowland. LOWLAND_DEBUG=1'],
  ['bad system', 1, "error[DISK_FULL]: Cannot finish: the disk that holds '/full/file' is full."],
  ['runs', 2, "Unknown command 'runs'"],
])('%s', async (line, code, message) => {
  const result = await cli(`${line}`);
  expect(result.err).toContain(message);
  expect(result).toMatchObject({ code, out: '' });
});

test.each(codes)('%s ends with its exit code, and says nothing on stdout with --json', async (code) => {
  const result = await cli(`fail ${code.toLowerCase()} --json`);
  expect(result).toEqual({ code: errorCodes[code], out: '', err: `error[${code}]: A sentence.\n  A hint.\n` });
});

test('whatever a cancelled command throws is a cancellation', async () => {
  expect(await cli('bad defect', AbortSignal.abort())).toMatchObject({
    code: 130,
    err: expect.stringContaining('error[CANCELLED]'),
  });
});

test.each([
  ['', ['Usage: lowland <command>', '  echo                Gives back what it was given.\n', '  bad defect\n']],
  ['--help', ['Usage: lowland <command>']],
  ['help', ['Usage: lowland <command>']],
  ['bad --help', ['Usage: lowland bad <command>', '  bad system\n']],
  ['help echo', ['Usage: lowland echo [options] <word> [more...]']],
  [
    'echo --help',
    [
      '  --steps <n>          Steps. (default: 10)\n',
      '  --energy-l2 <x>      A radius. (default: 8/255)\n',
      '  --norm <name>        A norm. (linf, l2; default: linf)\n',
      '  --no-clamp           Off: Stay in [0,1].\n',
      '  --verbose            Say more.\n',
      'Global options:\n  --json ',
      'Examples:\n  lowland echo one --steps 3\n',
    ],
  ],
  ['--version', [`${lowlandVersion()}\n`]],
])('help: %j', async (line, parts) => {
  const { code, out, err } = await cli(line);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const part of parts) expect(out).toContain(part);
});
