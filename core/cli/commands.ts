/**
 * The table of commands. It alone is read for `lowland --help`; a command's own file is loaded when that command is called, and
 * that file loads engines and models only when it runs.
 */
import type { CommandEntry } from './command';
import { AppError } from '../lib/errors';
import { suggestion } from '../lib/nearest';
import { globalFlags } from './globals';

export interface CommandRow {
  readonly id: string;
  readonly summary: string;
  readonly load: () => Promise<CommandEntry>;
}

const row = (id: string, summary: string, load: () => Promise<CommandEntry>): CommandRow => ({ id, summary, load });

export const commandTable: readonly CommandRow[] = [
  row(
    'demo',
    'Train a small JEAT classifier live, generate with it, attack it, and draw the energy of pretrained ones.',
    async () => (await import('./demo')).demoCommand,
  ),
  row(
    'doctor',
    'Say which engines work here, why the others do not, and which one is chosen.',
    async () => (await import('./doctor')).doctorCommand,
  ),
  row(
    'setup',
    'Get and build the tensorflow engine, in your data folder.',
    async () => (await import('./setup')).setupCommand,
  ),
  row(
    'train',
    'Train a classifier: natural, noise, PGD-AT, FGSM-RS, PreJEAT, JEAT.',
    async () => (await import('./train')).trainCommand,
  ),
  row(
    'sample',
    'Generate images by walking down the energy of a model.',
    async () => (await import('./sample')).sampleCommand,
  ),
  row(
    'attack',
    'Attack a model: clean and robust accuracy, and what happens to its energies.',
    async () => (await import('./attack')).attackCommand,
  ),
  row(
    'surface',
    'Draw the energy of models round a real image, and measure its flatness.',
    async () => (await import('./surface')).surfaceCommand,
  ),
  row(
    'export',
    'Write the weights of a model or run, or a chart of metrics of a run.',
    async () => (await import('./export')).exportCommand,
  ),
  row(
    'import',
    'Take a .safetensors file of weights into the library, checked against an architecture.',
    async () => (await import('./import')).importCommand,
  ),
  ...group('models', async () => (await import('./models')).modelsCommands, {
    list: 'List the models at hand, and the architectures that can be trained or imported.',
    show: 'Show one model: its card and its tensors.',
  }),
  ...group('runs', async () => (await import('./runs')).runsCommands, {
    list: 'List your runs: what they are, how they stand, what they found.',
    show: 'Show one run: configuration, state, metrics, checkpoints.',
    compare: 'Compare two runs: only the options that differ, and the best and last metrics.',
    remove: 'Delete runs that nothing is writing to.',
    export: "Write a run's log as a TensorBoard event file, a CSV table or a JSON document.",
  }),
];

/** Two-word commands that one file defines. */
function group(
  name: string,
  load: () => Promise<readonly CommandEntry[]>,
  summaries: Readonly<Record<string, string>>,
): CommandRow[] {
  return Object.entries(summaries).map(([second, summary]) =>
    row(`${name} ${second}`, summary, async () => {
      const entry = (await load()).find(({ id }) => id === `${name} ${second}`);
      if (!entry)
        throw new AppError('FAILED', `The command table lists '${name} ${second}', which its file does not define.`);
      return entry;
    }),
  );
}

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
  const row = group.find(({ id }) => id === `${first} ${second}`);
  if (!row)
    throw unknownCommand(
      `${first} ${second}`,
      group.map(({ id }) => id),
    );
  return { row, rest: without(args, at, 2) };
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
