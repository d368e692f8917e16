/** A worker as the bench sees it: a process that greets once it is ready and answers one request at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { AppError } from '../../core/lib/errors';
import { packageRoot } from '../../core/lib/paths';
import type { EngineId } from '../../core/engine/engine';
import { type Greeting, type Request, type Sample, greetingSchema, lineSchema, sampleSchema } from './protocol';

export interface Peer {
  readonly greeting: Greeting;
  ask(request: Request): Promise<Sample>;
  close(): void;
}

/** What the bench needs of the world: processes, and somewhere to say what is left out. */
export interface Bench {
  /** `heard` gets what the process prints besides its answers. */
  open(
    command: readonly string[],
    environment?: Readonly<Record<string, string>>,
    heard?: (line: string) => void,
  ): Promise<Peer>;
  say(sentence: string): void;
}

/** The sentence of an error that is the user's to read; any other is ours. */
export const words = (error: unknown): string => {
  if (error instanceof AppError) return error.message;
  throw error;
};

export const ourWorker = (engine: EngineId): string[] => [process.execPath, process.argv[1] ?? '', '--worker', engine];
const referenceFolder = path.join(packageRoot, 'test/bench/pytorch');
/** LOWLAND_PYTHON says which Python has torch. */
export const python = (): string => process.env.LOWLAND_PYTHON || 'python3';
export const theirWorker = (): string[] => [python(), '-B', path.join(referenceFolder, 'worker.py')];

/** Starts a worker and waits for its greeting. @throws AppError FAILED with the worker's own words, or when it ends. */
export async function openPeer(
  [command = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  heard: (line: string) => void = () => undefined,
): Promise<Peer> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...environment } });
  const next = answersOf(child, command, heard);
  const read = async <S extends v.GenericSchema>(schema: S): Promise<v.InferOutput<S>> => {
    const line = await next();
    const found = v.safeParse(lineSchema, line);
    if (!found.success) throw new AppError('FAILED', `A worker of the bench said '${line.slice(0, 200)}'.`);
    if ('error' in found.output) throw new AppError('FAILED', found.output.error);
    return v.parse(schema, found.output);
  };
  return {
    greeting: await read(greetingSchema),
    ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return read(sampleSchema);
    },
    close: () => child.stdin.end(),
  };
}

/** The lines of a process that are JSON objects, one for each call; what else a library prints is `heard`. */
function answersOf(child: ChildProcess, command: string, heard: (line: string) => void): () => Promise<string> {
  const waiting: { give: (line: string) => void; fail: (error: Error) => void }[] = [];
  const lines: string[] = [];
  let ended: AppError | undefined;
  const end = (how: string) => {
    ended ??= new AppError('FAILED', `A worker of the bench, ${path.basename(command)}, ${how}.`);
    for (const { fail } of waiting.splice(0)) fail(ended);
  };
  child.on('error', (error) => end(`did not start: ${error.message}`));
  child.on('close', (code, signal) => end(`ended with ${code ?? signal}`));
  child.stdin?.on('error', () => undefined);
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return heard(line);
      const first = waiting.shift();
      if (first) first.give(line);
      else lines.push(line);
    });
  return () =>
    new Promise((give, fail) => {
      const line = lines.shift();
      if (line !== undefined) give(line);
      else if (ended) fail(ended);
      else waiting.push({ give, fail });
    });
}
