/** Which command an argument list names, with the nearest one in the error when there is none. */
import { AppError } from '../lib/errors';
import { suggestion } from '../lib/nearest';
import { type CommandRow, commandTable } from './commands';
import { globalFlags } from './globals';

export type Found =
  | { readonly row: CommandRow; readonly rest: readonly string[] }
  | { readonly overview: readonly CommandRow[]; readonly group?: string };

const takesValue = new Set(
  globalFlags.filter(({ flags }) => flags.includes('<')).map(({ flags }) => flags.split(' ')[0]),
);

/**
 * Finds the command that `args` names, wherever global flags stand.
 * @throws AppError UNKNOWN_NAME naming the nearest command.
 */
export function findCommand(args: readonly string[], table: readonly CommandRow[] = commandTable): Found {
  if (args[0] === 'help') return findCommand([...args.slice(1), '--help'], table);
  const at = wordAt(args);
  const first = args[at];
  if (first === undefined) {
    if (args.length === 0 || args.includes('--help') || args.includes('-h')) return { overview: table };
    throw new AppError('USAGE', 'No command is given.', "See 'lowland --help'.");
  }
  const pair = table.find(({ id }) => id === `${first} ${args[at + 1]}`);
  if (pair) return { row: pair, rest: without(args, at, 2) };
  const single = table.find(({ id }) => id === first);
  if (single) return { row: single, rest: without(args, at, 1) };
  const group = table.filter(({ id }) => id.startsWith(`${first} `));
  const names = group.map(({ id }) => id.slice(first.length + 1));
  const heads = [...new Set(table.map(({ id }) => id.split(' ')[0] ?? id))];
  if (group.length === 0) throw unknownCommand(first, heads);
  const second = args[at + 1];
  if (second === '--help' || second === '-h') return { overview: group, group: first };
  if (second === undefined || second.startsWith('-'))
    throw new AppError(
      'USAGE',
      `'lowland ${first}' needs one of ${names.join(', ')}.`,
      `See 'lowland ${first} --help'.`,
    );
  throw unknownCommand(
    `${first} ${second}`,
    group.map(({ id }) => id),
  );
}

function wordAt(args: readonly string[]): number {
  let at = 0;
  while (args[at]?.startsWith('-')) at += takesValue.has(args[at]) ? 2 : 1;
  return at;
}

const without = (args: readonly string[], at: number, words: number): string[] => [
  ...args.slice(0, at),
  ...args.slice(at + words),
];

const unknownCommand = (name: string, known: readonly string[]): AppError =>
  new AppError('UNKNOWN_NAME', `Unknown command '${name}'.`, `${suggestion(name, known)} See 'lowland --help'.`);
