/** Both ends of the channel in one process: calls, streams, cancel, back-pressure, reconnection, and malformed messages. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ChannelClient } from '../../core/contract/client';
import { call, stream } from '../../core/contract/contract';
import { streamWindow } from '../../core/contract/wire';
import { connectedPair } from '../../core/host/direct';
import { type LooseHandlers, serve } from '../../core/host/serve';
import { AppError } from '../../core/lib/errors';

const contract = {
  double: call<number>()('host', v.strictObject({ value: v.number() })),
  fail: call<null>()('host', v.strictObject({})),
  wait: call<null>()('host', v.strictObject({})),
  counts: stream<number>()('host', v.strictObject({ to: v.number() })),
  rows: stream<{ seq: number }>()('host', v.strictObject({ to: v.number() })),
};

function createServer() {
  const seen = { produced: 0, aborted: 0 };
  const handlers: LooseHandlers = {
    double: async ({ value }: { value: number }) => value * 2,
    fail: async () => {
      throw new AppError('NOT_FOUND', 'There is no such thing.', 'Look elsewhere.');
    },
    wait: (_input, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          seen.aborted++;
          reject(new AppError('CANCELLED', 'Cancelled.'));
        }),
      ),
    async *counts({ to }: { to: number }, { signal }) {
      try {
        for (let i = 0; i < to && !signal.aborted; i++) {
          seen.produced++;
          yield i;
        }
      } finally {
        if (signal.aborted) seen.aborted++;
      }
    },
    async *rows({ to }: { to: number }, { after }) {
      for (let seq = after + 1; seq <= to; seq++) yield { seq };
    },
  };
  const client = new ChannelClient<typeof contract>();
  const connect = (onClose?: () => void) => {
    const [near, far] = connectedPair();
    client.attach(near, onClose);
    const served = serve(far, contract, handlers);
    return { near, far, served };
  };
  return { client, connect, seen, handlers };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the channel', () => {
  it('answers calls, each with its own answer', async () => {
    const { client, connect } = createServer();
    connect();
    const answers = await Promise.all([1, 2, 3].map((value) => client.call('double', { value })));
    expect(answers).toEqual([2, 4, 6]);
  });

  it('carries an error with its code, sentence and hint', async () => {
    const { client, connect } = createServer();
    connect();
    await expect(client.call('fail', {})).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no such thing.',
      hint: 'Look elsewhere.',
    });
  });

  it('names the part of an input that is not valid', async () => {
    const { client, connect } = createServer();
    connect();
    await expect(client.call('double', { value: 'two' as never })).rejects.toThrow(/double: 'value' is not valid/);
    await expect(client.call('duoble' as 'double', { value: 1 })).rejects.toThrow(/duoble/);
  });

  it('tells the handler when the caller cancels', async () => {
    const { client, connect, seen } = createServer();
    connect();
    const cancel = new AbortController();
    const waiting = client.call('wait', {}, { signal: cancel.signal });
    await settled();
    cancel.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    await settled();
    expect(seen.aborted).toBe(1);
  });

  it('delivers a stream in order and ends it', async () => {
    const { client, connect } = createServer();
    connect();
    const got: number[] = [];
    for await (const value of client.stream('counts', { to: 100 })) got.push(value);
    expect(got).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('holds a stream back while its reader is slow', async () => {
    const { client, connect, seen } = createServer();
    connect();
    const events = client.stream('counts', { to: 1000 });
    await events.next();
    await settled();
    expect(seen.produced).toBeLessThanOrEqual(streamWindow + 1);
    await events.return();
    await settled();
    expect(seen.aborted).toBe(1);
  });

  it('goes on after a lost connection from the last event that was read', async () => {
    const { client, connect } = createServer();
    const first = connect();
    const events = client.stream('rows', { to: 30 });
    const got: number[] = [];
    for await (const { seq } of events) {
      got.push(seq);
      if (seq === 10) {
        first.near.close();
        await settled();
        connect();
      }
      if (seq === 30) break;
    }
    expect(got).toEqual(Array.from({ length: 31 }, (_, i) => i));
  });

  it('fails calls that a lost connection left without answer, and those without a connection', async () => {
    const { client, connect, seen } = createServer();
    const { near } = connect();
    const waiting = client.call('wait', {});
    await settled();
    near.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CONNECTION' });
    await expect(client.call('double', { value: 1 })).rejects.toMatchObject({ code: 'CONNECTION' });
    await settled();
    expect(seen.aborted).toBe(1);
  });

  it.each([
    ['no greeting', [{ type: 'call', id: 0, name: 'double', input: { value: 1 } }], /greeting/],
    ['another version', [{ type: 'hello', version: 999 }], /version 999/],
    ['a message of no type', [{ type: 'hello', version: 1 }, { foo: 1 }], /malformed message/],
    ['a number', [{ type: 'hello', version: 1 }, 7], /malformed message/],
    ['nothing', [{ type: 'hello', version: 1 }, null], /malformed message/],
    [
      'an id that is none',
      [
        { type: 'hello', version: 1 },
        { type: 'cancel', id: -1 },
      ],
      /malformed message at 'id'/,
    ],
    [
      'an id that is under way',
      [
        { type: 'hello', version: 1 },
        { type: 'call', id: 1, name: 'wait', input: {} },
        { type: 'call', id: 1, name: 'wait', input: {} },
      ],
      /under way already/,
    ],
  ])('refuses %s, and the server lives', async (_what, messages, sentence) => {
    const { client, connect, handlers } = createServer();
    const [near, far] = connectedPair();
    const replies: unknown[] = [];
    near.listen(
      (reply) => replies.push(reply),
      () => undefined,
    );
    const served = serve(far, contract, handlers);
    for (const message of messages) near.send(message as never);
    await settled();
    near.close();
    await served;
    expect(JSON.stringify(replies)).toMatch(sentence);
    connect();
    expect(await client.call('double', { value: 4 })).toBe(8);
  });

  it('refuses more requests at once than it can hold', async () => {
    const { connect, client } = createServer();
    connect();
    const all = await Promise.allSettled(Array.from({ length: 600 }, () => client.call('wait', {})));
    expect(all.every(({ status }) => status === 'rejected')).toBe(true);
  });
});
