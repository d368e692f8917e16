/** The `lowland` command: finds the command, runs it, prints its result, and turns every failure into a sentence and an exit code. */
import { systemCode } from '../lib/errors';
import { lowlandVersion } from '../lib/paths';
import { silent } from '../lib/progress';
import { parseCommand } from './args';
import { type CommandRow, commandTable } from './commands';
import { asAppError, failureText } from './failure';
import { findCommand } from './find-command';
import { overview } from './help';
import { terminalProgress, type Terminal } from './progress';

export interface Streams {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

/** Runs one command line and returns its exit code. stdout gets the result alone; all else goes to stderr. */
export async function runCli(
  args: readonly string[],
  streams: Streams,
  signal: AbortSignal,
  table: readonly CommandRow[] = commandTable,
): Promise<number> {
  const progress = terminalProgress(streams.stderr);
  try {
    if (args[0] === '--version' || args[0] === '-V') {
      streams.stdout.write(`${lowlandVersion()}\n`);
      return 0;
    }
    const found = findCommand(args, table);
    if ('overview' in found) {
      streams.stdout.write(overview(found.overview, found.group));
      return 0;
    }
    const entry = await found.row.load();
    const parsed = parseCommand(entry, found.rest);
    if ('help' in parsed) {
      streams.stdout.write(parsed.help);
      return 0;
    }
    const { json, quiet, ...globals } = parsed.globals;
    const result = await entry.run(parsed.words, parsed.options, {
      ...globals,
      signal,
      progress: quiet ? silent : progress,
      say: (line) => (json ? streams.stderr : streams.stdout).write(`${line}\n`),
    });
    progress.clear();
    streams.stdout.write(json ? `${JSON.stringify(result.json)}\n` : `${result.text}\n`);
    return 0;
  } catch (thrown) {
    progress.clear();
    const error = asAppError(thrown, signal.aborted);
    streams.stderr.write(failureText(error, process.env.LOWLAND_DEBUG === '1'));
    return error.exitCode;
  }
}

/** The whole process: signals, streams, exit. Ends the process even where an engine still holds handles. */
export async function main(args: readonly string[], table: readonly CommandRow[] = commandTable): Promise<void> {
  console.log = console.info = console.error; // stdout is the result's; libraries speak on stderr
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (thrown: unknown) => leave(thrown));
  const code = await runCli(args, process, cancelOnSignals(), table);
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit(code);
}

function leave(thrown: unknown): never {
  const error = asAppError(thrown, false);
  process.stderr.write(failureText(error, process.env.LOWLAND_DEBUG === '1'));
  process.exit(error.exitCode);
}

/** The reader of a pipe may leave early (`| head`); the work and the exit code do not depend on it. */
function ignoreClosedPipe(error: Error): void {
  if (systemCode(error) !== 'EPIPE') throw error;
}

/** Fires on the first Ctrl-C; the second leaves at once. Wrappers pass a terminal's Ctrl-C on, so twins within a second are one. */
function cancelOnSignals(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const stop = (): void => {
    if (first > 0 && Date.now() - first > 1000) process.exit(130);
    if (first > 0) return;
    first = Date.now();
    process.stderr.write('\nStopping; what is complete is kept. Ctrl-C again leaves at once.\n');
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}
