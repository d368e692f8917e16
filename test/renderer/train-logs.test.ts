/** Following logs: a run that goes on while its log is just ending is followed again, from where it stopped. */
import { describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import type { RunEvents } from '../../core/contract/areas/runs';
import { FollowedLog } from '../../renderer/views/train/data/logs.svelte';

const piece = (seq: number): RunEvents => ({
  seq,
  steps: {
    ...{ seq: Uint32Array.of(seq), t: Float64Array.of(seq), step: Uint32Array.of(seq), epoch: Float64Array.of(0) },
    values: {},
  },
  events: [],
  superseded: [],
});

/** Streams that give a piece and end when they are told to. */
function streams() {
  const opened: { after: number; signal: AbortSignal; end: () => void }[] = [];
  const client = {
    async *stream(_name: string, _input: object, { after, signal }: { after: number; signal: AbortSignal }) {
      const ended = new Promise<void>((resolve) => {
        opened.push({ after, signal, end: resolve });
        signal.addEventListener('abort', () => resolve());
      });
      yield piece(after + 1);
      await ended;
    },
  };
  return { opened, log: new FollowedLog('run', client as object as LowlandClient) };
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 10));

describe('a followed log', () => {
  it('is followed once, and after its end not by itself', async () => {
    const { opened, log } = streams();
    log.follow();
    await soon();
    opened[0]?.end();
    await soon();
    expect(opened.length).toBe(1);
    expect(log.version).toBe(1);
  });

  it('is followed once more when that was asked for before it ended', async () => {
    const { opened, log } = streams();
    log.follow();
    await soon();
    log.follow();
    log.follow();
    expect(opened.length).toBe(1);
    opened[0]?.end();
    await vi.waitFor(() => expect(opened.map(({ after }) => after)).toEqual([-1, 0]));
    await vi.waitFor(() => expect(log.version).toBe(2));
    opened[1]?.end();
    await soon();
    expect(opened.length).toBe(2);
  });

  it('is left for good', async () => {
    const { opened, log } = streams();
    log.follow();
    await soon();
    log.follow();
    log.leave();
    await soon();
    expect(opened.map(({ signal }) => signal.aborted)).toEqual([true]);
  });
});
