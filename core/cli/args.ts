/** A command's words and flags: its schema and the global flags become a commander parser, what that finds becomes typed values. */
import { Command, CommanderError, Option as Flag } from 'commander';
import { AppError } from '../lib/errors';
import { type Option, resolve, type Schema, type Values } from '../lib/options';
import type { CommandEntry } from './command';
import { type GivenGlobals, globalFlags, type GlobalValues, readGlobals } from './globals';
import { optionHelp } from './help';

export interface ParsedCommand {
  readonly words: readonly string[];
  readonly options: Values<Schema>;
  readonly globals: GlobalValues;
}

/** energyL2 -> energy-l2, as commander turns it back. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * Parses what follows a command's name; `--help` gives the help text instead.
 * @throws AppError USAGE for unknown flags (naming the nearest) and wrong arguments, BAD_OPTION for wrong values.
 */
export function parseCommand(entry: CommandEntry, args: readonly string[]): ParsedCommand | { help: string } {
  let help = '';
  const command = parser(entry).configureOutput({ writeOut: (text) => (help += text), writeErr: () => undefined });
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return { help };
    throw usageError(error, entry.id);
  }
  const given = command.opts<Record<string, unknown>>();
  const own = Object.keys(entry.options).filter((name) => command.getOptionValueSource(name) === 'cli');
  const options = resolve(
    entry.options,
    Object.fromEntries(own.map((name) => [name, given[name]])),
    entry.id,
    (name) => `--${kebab(name)}`,
  );
  return { words: command.args, options, globals: readGlobals(command.opts<GivenGlobals>()) };
}

function parser(entry: CommandEntry): Command {
  const command = new Command(`lowland ${entry.id}`)
    .description(entry.summary)
    .exitOverride()
    .helpOption('-h, --help', 'Show this help.');
  for (const { name, help, required } of entry.arguments) command.argument(required ? `<${name}>` : `[${name}]`, help);
  for (const [name, option] of Object.entries(entry.options))
    for (const flag of optionFlags(name, option)) command.addOption(flag);
  for (const { flags, help } of globalFlags) {
    const flag = new Flag(flags, help).helpGroup('Global options:');
    if (flags.startsWith('--set'))
      flag.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    command.addOption(flag);
  }
  return command.addHelpText('after', `\nExamples:\n${entry.examples.map((example) => `  ${example}`).join('\n')}`);
}

function optionFlags(name: string, option: Option): Flag[] {
  const help = optionHelp(option);
  if (option.kind !== 'flag') return [new Flag(`--${kebab(name)} <${placeholder(option)}>`, help)];
  const [shown, hidden] = option.default
    ? [`--no-${kebab(name)}`, `--${kebab(name)}`]
    : [`--${kebab(name)}`, `--no-${kebab(name)}`];
  return [new Flag(shown, option.default ? `Off: ${help}` : help), new Flag(hidden).hideHelp()];
}

const placeholder = (option: Option): string =>
  ({ real: 'x', count: 'n', choice: 'name', text: 'text', list: 'x,…', flag: '' })[option.kind];

function usageError(error: CommanderError, id: string): AppError {
  const [sentence = '', suggested] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggested?.replace(/^\((.*)\)$/, '$1') ?? `See 'lowland ${id} --help'.`;
  return new AppError('USAGE', `${sentence.charAt(0).toUpperCase()}${sentence.slice(1).replace(/\.$/, '')}.`, hint);
}
