/** The command line with commands that misbehave, to be run as a process of its own. */
import { type CommandEntry, type CommandContext, defineCommand } from '../../core/cli/command';
import { main } from '../../core/cli/main';
import { throwIfCancelled } from '../../core/lib/errors';

const command = (id: string, run: (context: CommandContext) => Promise<unknown>): CommandEntry =>
  defineCommand({
    id,
    summary: '',
    examples: [],
    arguments: [],
    options: {},
    run: async (_args, _options, context) => ({ json: await run(context), text: 'text' }),
  });

const entries = [
  command('hang', async () => {
    setInterval(() => undefined, 1000);
    return { ended: true };
  }),
  command('noise', async ({ progress }) => {
    console.log('a library speaks');
    progress.note('a note');
    return 'x'.repeat(200_000);
  }),
  command('wait', async ({ signal, progress }) => {
    progress.note('waiting');
    while (!signal.aborted) await new Promise((done) => setTimeout(done, 10));
    throwIfCancelled(signal);
  }),
  command('deaf', async ({ progress }) => {
    progress.note('waiting');
    await new Promise((done) => setTimeout(done, 60_000));
  }),
  command('orphan', async () => {
    void Promise.reject(new Error('nobody waits for this'));
    await new Promise((done) => setTimeout(done, 60_000));
  }),
];

await main(
  process.argv.slice(2),
  entries.map((entry) => ({ id: entry.id, summary: '', load: async () => entry })),
);
