/**
 * The answering side of a channel: checks every message and every input by its schema, runs handlers, and holds streams back whose
 * reader is slow. What is malformed is refused; the server lives on.
 */
import * as v from 'valibot';
import type { AnyContract, AnyDefinition, HandlerContext } from '../contract/contract';
import { type Connection, type Reply, requestSchema, streamWindow, toWire, wireVersion } from '../contract/wire';
import { AppError } from '../lib/errors';
import { unknownName } from '../lib/nearest';

/** Handlers by name, their inputs checked by the server. */
export type LooseHandlers = Readonly<
  Record<string, (input: never, context: HandlerContext) => Promise<unknown> | AsyncIterable<unknown>>
>;

/** Requests under way on one connection. */
const maxOpen = 512;

interface Open {
  readonly abort: AbortController;
  /** Lets a stream send on. */
  acknowledge(count: number): void;
}

/** Serves until the connection closes; then every request is cancelled. Resolves when it closed. */
export function serve(connection: Connection, contract: AnyContract, handlers: LooseHandlers): Promise<void> {
  const open = new Map<number, Open>();
  let greeted = false;
  let closed = false;
  const send = (reply: Reply) => {
    if (!closed) connection.send(reply);
  };
  const refuse = (error: unknown) => {
    send({ type: 'refused', error: toWire(error) });
    end();
    connection.close();
  };
  const end = () => {
    closed = true;
    for (const { abort } of open.values()) abort.abort();
    open.clear();
  };

  return new Promise((resolve) => {
    connection.listen(receive, () => {
      end();
      resolve();
    });
  });

  function receive(message: unknown): void {
    if (closed) return;
    const parsed = v.safeParse(requestSchema, message);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const where = v.getDotPath(issue);
      return refuse(new AppError('BAD_DATA', `A malformed message${where ? ` at '${where}'` : ''}: ${issue.message}`));
    }
    const request = parsed.output;
    if (request.type === 'hello') {
      if (request.version !== wireVersion)
        return refuse(
          new AppError(
            'NEWER_VERSION',
            `This window speaks version ${request.version} of the channel, and Lowland version ${wireVersion}.`,
            'Reload the window.',
          ),
        );
      greeted = true;
      return;
    }
    if (!greeted) return refuse(new AppError('BAD_DATA', 'The channel began without a greeting.'));
    if (request.type === 'ack') return open.get(request.id)?.acknowledge(request.count);
    if (request.type === 'cancel') {
      open.get(request.id)?.abort.abort();
      return;
    }
    if (open.has(request.id)) return refuse(new AppError('BAD_DATA', `Request ${request.id} is under way already.`));
    if (open.size >= maxOpen) return refuse(new AppError('BAD_DATA', `More than ${maxOpen} requests are under way.`));
    void answer(request.id, request.type, request.name, request.input, request.type === 'open' ? request.after : -1);
  }

  async function answer(id: number, type: 'call' | 'open', name: string, input: unknown, after: number): Promise<void> {
    const abort = new AbortController();
    const gate = createGate(abort.signal);
    open.set(id, { abort, acknowledge: gate.acknowledge });
    try {
      const { definition, handler } = lookUp(contract, handlers, name, type);
      const result = handler(checked(definition, name, input) as never, { signal: abort.signal, after });
      if (type === 'call') send({ type: 'result', id, value: await (result as Promise<unknown>) });
      else {
        let seq = after;
        for await (const value of result as AsyncIterable<unknown>) {
          seq = ownSeq(value) ?? seq + 1;
          send({ type: 'event', id, seq, value });
          await gate.pass();
        }
        send({ type: 'end', id });
      }
    } catch (error) {
      send({ type: 'error', id, error: toWire(error) });
    } finally {
      open.delete(id);
    }
  }
}

/** Lets a stream go on while fewer than `streamWindow` of its events are not acknowledged. */
function createGate(signal: AbortSignal) {
  let sent = 0;
  let wake: () => void = () => undefined;
  return {
    acknowledge(count: number): void {
      sent = Math.max(0, sent - count);
      wake();
    },
    async pass(): Promise<void> {
      sent++;
      while (sent >= streamWindow) {
        if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.');
        await new Promise<void>((resolve) => {
          wake = () => {
            signal.removeEventListener('abort', wake);
            resolve();
          };
          signal.addEventListener('abort', wake);
        });
      }
    },
  };
}

function lookUp(contract: AnyContract, handlers: LooseHandlers, name: string, type: 'call' | 'open') {
  const definition = Object.hasOwn(contract, name) ? contract[name] : undefined;
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (!definition || !handler) throw unknownName('call', name, Object.keys(handlers));
  if ((definition.kind === 'call') !== (type === 'call'))
    throw new AppError('BAD_DATA', `'${name}' is a ${definition.kind}.`);
  return { definition, handler };
}

function checked(definition: AnyDefinition, name: string, input: unknown): unknown {
  const parsed = v.safeParse(definition.input, input);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new AppError('BAD_OPTION', `${name}: '${v.getDotPath(issue) ?? 'input'}' is not valid: ${issue.message}`);
}

const ownSeq = (value: unknown): number | undefined =>
  typeof value === 'object' && value !== null && 'seq' in value && typeof value.seq === 'number'
    ? value.seq
    : undefined;
