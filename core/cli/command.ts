/** What a command is: data with a schema, and a `run` that returns one JSON document and the same in words. */
import type { CompileOptions, Engine, EngineId, Precision } from '../engine/engine';
import type { Schema, Values } from '../lib/options';
import type { Progress } from '../lib/progress';

export interface CommandContext {
  readonly seed: number;
  /** Undefined: the best that works. */
  readonly engine: EngineId | undefined;
  /** --precision; undefined where what is configured says. */
  readonly precision?: Precision | undefined;
  /** --out; undefined where the command should choose. */
  readonly out: string | undefined;
  readonly dataFolder: string;
  /** --set name=value, repeatable: options of whatever the command configures. */
  readonly set: Readonly<Record<string, string>>;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** An engine that is open already and stays open, instead of one of the command's own. */
  readonly opened?: () => Promise<Engine>;
  /** Said at once by a command that goes on: on stdout, or on stderr where stdout is for the JSON document. */
  readonly say?: (line: string) => void;
}

/** How a command compiles its steps: in the precision asked for, saying so where it cannot. */
export const compileOptions = ({ precision = 'float32', progress }: CommandContext): CompileOptions => ({
  precision,
  note: (sentence) => progress.note(sentence),
});

export interface CommandResult {
  /** Printed by --json, alone on stdout. */
  readonly json: unknown;
  /** Printed otherwise. */
  readonly text: string;
}

export interface CommandEntry<S extends Schema = Schema> {
  /** One or two words: 'sample', 'data add'. */
  readonly id: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly arguments: readonly { name: string; help: string; required: boolean }[];
  readonly options: S;
  run(args: readonly string[], options: Values<S>, context: CommandContext): Promise<CommandResult>;
}

export const defineCommand = <S extends Schema>(entry: CommandEntry<S>): CommandEntry<S> => entry;
