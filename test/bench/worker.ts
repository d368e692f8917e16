/** Our side of the bench in a process of its own, so that its memory is its own: one engine, and a round of a case for each line read. */
import { createInterface } from 'node:readline';
import type { EngineId } from '../../core/engine/engine';
import { openEngine } from '../../core/engine/open';
import type { Greeting, Request, Sample } from './protocol';
import { type Work, prepare } from './workloads';

const say = (line: Greeting | Sample | { error: string }) => process.stdout.write(`${JSON.stringify(line)}\n`);
const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export async function serve(id: EngineId): Promise<void> {
  const engine = await openEngine(id).catch((error: unknown) => {
    say({ error: sentence(error) });
    process.exit(1);
  });
  say({ version: `${engine.version} on ${engine.device}`, precisions: [...engine.capabilities.precisions] });
  const prepared = new Map<string, Work>();
  const note = (text: string) => process.stderr.write(`${text}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    try {
      const name = JSON.stringify(request.case);
      const work = prepared.get(name) ?? (await prepare(engine, request.case, note));
      prepared.set(name, work);
      const began = performance.now();
      const standing = await work(request.round);
      const ms = performance.now() - began;
      say({
        ms,
        rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
        ...(typeof standing === 'number' ? { standing } : {}),
      });
    } catch (error) {
      say({ error: sentence(error) });
    }
  }
  process.exit(0);
}
