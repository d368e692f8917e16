/** A process that computes its share of a job's items and sends them to the one that started it. */
import { silent } from '../lib/progress';
import { asAppError } from './failure';
import type { Answer, Job, Shard } from './shards';

async function* items(job: Job, shard: Shard): AsyncGenerator<unknown, void, undefined> {
  const context = { ...job.context, out: undefined, signal: new AbortController().signal, progress: silent };
  if (job.kind === 'sample') yield* (await import('./sample-run')).sampleShard(job.model, job.flags, context, shard);
  else yield* (await import('./attack-run')).attackShard(job.model, job.flags, context, shard);
}

/** Waits for what it sends, so that a slow reader slows the work and not the memory. */
const send = (answer: Answer) => new Promise<void>((resolve) => process.send?.(answer, () => resolve()));

// a terminal's Ctrl-C reaches every process; the one that started this one decides
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit(0));
process.once('message', (message) => {
  const { job, shard } = message as { job: Job; shard: Shard };
  void (async () => {
    try {
      for await (const item of items(job, shard)) await send({ item });
      await send({ done: true });
    } catch (thrown) {
      const { code, message: sentence, hint } = asAppError(thrown, false);
      await send({ error: { code, message: sentence, hint } });
    }
  })();
});
