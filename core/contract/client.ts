/**
 * The calling side of a channel, in a window or in the host. Over a connection that comes and goes, calls that were under way fail
 * with CONNECTION; streams are opened again after the last event that was read.
 */
import { AppError } from '../lib/errors';
import type { AnyContract, InputOf, NamesOf, OutputOf } from './contract';
import { type Connection, type Reply, type Request, fromWire, wireVersion } from './wire';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
export interface StreamOptions extends CallOptions {
  /** The last seq that is known already. */
  readonly after?: number;
}

export interface Client<C extends AnyContract> {
  call<N extends NamesOf<C, 'call'>>(name: N, input: InputOf<C[N]>, options?: CallOptions): Promise<OutputOf<C[N]>>;
  /** Events as they come; leaving the loop, or the signal, closes the stream. */
  stream<N extends NamesOf<C, 'stream'>>(
    name: N,
    input: InputOf<C[N]>,
    options?: StreamOptions,
  ): AsyncGenerator<OutputOf<C[N]>, void, undefined>;
}

interface Pending {
  readonly reply: (reply: Exclude<Reply, { type: 'refused' }>) => void;
  /** The connection went; a stream stays and is opened again. */
  readonly lost: (error: AppError) => void;
  readonly reopen?: () => void;
}

export class ChannelClient<C extends AnyContract> implements Client<C> {
  #connection: Connection | undefined;
  #next = 0;
  #refusal: AppError | undefined;
  readonly #pending = new Map<number, Pending>();

  /** `onRefused`: the other side speaks another version, or found a message malformed. */
  constructor(private readonly onRefused: (error: AppError) => void = () => undefined) {}

  /** Uses a new connection, and opens the streams again on it. */
  attach(connection: Connection, onClose: () => void = () => undefined): void {
    this.#connection = connection;
    connection.listen(
      (message) => this.#receive(message as Reply),
      () => {
        if (this.#connection !== connection) return;
        this.#connection = undefined;
        const lost =
          this.#refusal ?? new AppError('CONNECTION', 'The connection to Lowland was lost.', 'It is tried again.');
        for (const pending of [...this.#pending.values()]) pending.lost(lost);
        onClose();
      },
    );
    this.#send({ type: 'hello', version: wireVersion });
    for (const { reopen } of this.#pending.values()) reopen?.();
  }

  /** Ends everything that is under way with this error, streams too. */
  fail(error: AppError): void {
    for (const [id, { reply }] of [...this.#pending])
      reply({
        type: 'error',
        id,
        error: { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) },
      });
  }

  call<N extends NamesOf<C, 'call'>>(
    name: N,
    input: InputOf<C[N]>,
    { signal }: CallOptions = {},
  ): Promise<OutputOf<C[N]>> {
    if (signal?.aborted) return Promise.reject(cancelled());
    if (!this.#connection)
      return Promise.reject(
        new AppError(
          'CONNECTION',
          'There is no connection to Lowland.',
          'It is tried again; repeat this when it is back.',
        ),
      );
    const id = this.#next++;
    return new Promise<OutputOf<C[N]>>((resolve, reject) => {
      const settle = () => {
        this.#pending.delete(id);
        signal?.removeEventListener('abort', abort);
      };
      const abort = () => {
        settle();
        this.#send({ type: 'cancel', id });
        reject(cancelled());
      };
      signal?.addEventListener('abort', abort);
      this.#pending.set(id, {
        reply: (reply) => {
          settle();
          if (reply.type === 'result') resolve(reply.value as OutputOf<C[N]>);
          else
            reject(
              reply.type === 'error'
                ? fromWire(reply.error)
                : new AppError('FAILED', `A call was answered by '${reply.type}'.`),
            );
        },
        lost: (error) => {
          settle();
          reject(error);
        },
      });
      this.#send({ type: 'call', id, name, input });
    });
  }

  async *stream<N extends NamesOf<C, 'stream'>>(
    name: N,
    input: InputOf<C[N]>,
    { signal, after = -1 }: StreamOptions = {},
  ): AsyncGenerator<OutputOf<C[N]>, void, undefined> {
    if (signal?.aborted) throw cancelled();
    const id = this.#next++;
    const arrived: OutputOf<C[N]>[] = [];
    let last = after;
    let end: { error?: AppError } | undefined;
    let wake: () => void = () => undefined;
    const open = () => this.#send({ type: 'open', id, name, input, after: last });
    const abort = () => {
      end ??= { error: cancelled() };
      arrived.length = 0;
      wake();
    };
    signal?.addEventListener('abort', abort);
    this.#pending.set(id, {
      reply: (reply) => {
        if (reply.type === 'event') {
          if (reply.seq <= last) return;
          last = reply.seq;
          arrived.push(reply.value as OutputOf<C[N]>);
        } else end ??= reply.type === 'error' ? { error: fromWire(reply.error) } : {};
        wake();
      },
      lost: () => undefined,
      reopen: open,
    });
    if (this.#connection) open();
    try {
      for (;;) {
        const event = arrived.shift();
        if (event !== undefined) {
          yield event;
          this.#send({ type: 'ack', id, count: 1 });
        } else if (end) {
          if (end.error) throw end.error;
          return;
        } else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#pending.delete(id);
      signal?.removeEventListener('abort', abort);
      if (!end || end.error?.code === 'CANCELLED') this.#send({ type: 'cancel', id });
    }
  }

  #send(message: Request): void {
    this.#connection?.send(message);
  }

  #receive(message: Reply): void {
    if (message.type === 'refused') {
      this.#refusal = fromWire(message.error);
      this.onRefused(this.#refusal);
      this.fail(this.#refusal);
    } else this.#pending.get(message.id)?.reply(message);
  }
}

const cancelled = () => new AppError('CANCELLED', 'Cancelled.');
