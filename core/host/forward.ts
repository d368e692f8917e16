/** Handlers that pass calls and streams on to a child, with the caller's cancel; a stream is pulled through, so its back-pressure is too. */
import type { AnyContract, HandlerContext } from '../contract/contract';
import type { CallOptions, StreamOptions } from '../contract/client';
import type { LooseHandlers } from './serve';

/** A client seen without the types of its contract. */
interface LooseClient {
  call(name: string, input: unknown, options: CallOptions): Promise<unknown>;
  stream(name: string, input: unknown, options: StreamOptions): AsyncIterable<unknown>;
}

export const forward = (contract: AnyContract, child: { readonly client: unknown }): LooseHandlers =>
  Object.fromEntries(
    Object.entries(contract).map(([name, { kind }]) => [
      name,
      kind === 'call'
        ? async (input: unknown, { signal }: HandlerContext) =>
            (child.client as LooseClient).call(name, input, { signal })
        : (input: unknown, { signal, after }: HandlerContext) =>
            (child.client as LooseClient).stream(name, input, { signal, after }),
    ]),
  );
