/** The sampling sessions of the engine process: at most eight; the one that was idle longest makes room. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../../lib/errors';
import type { SamplingSession } from './session';

export const maxSessions = 8;
/** Names of sessions that made room, remembered to say so. */
const remembered = 256;

export class Sessions {
  /** The one used last stands last. */
  readonly #open = new Map<string, SamplingSession>();
  readonly #outdated = new Set<string>();

  /** Makes room, then takes a new session. @throws AppError FAILED when all are moving. */
  async add(create: () => SamplingSession): Promise<{ name: string; session: SamplingSession }> {
    while (this.#open.size >= maxSessions) {
      const idle = [...this.#open].find(([, { busy }]) => !busy);
      if (!idle)
        throw new AppError('FAILED', `${maxSessions} sets of chains move already.`, 'Close one of the windows.');
      this.#remember(idle[0]);
      await this.close(idle[0]);
    }
    const session = create();
    const name = randomUUID();
    this.#open.set(name, session);
    return { name, session };
  }

  /** @throws AppError NOT_FOUND. */
  get(name: string): SamplingSession {
    const session = this.#open.get(name);
    if (!session)
      throw new AppError(
        'NOT_FOUND',
        this.#outdated.has(name)
          ? `These chains were closed to make room: ${maxSessions} are kept at a time.`
          : 'These chains are gone: the engine was started again.',
        'Start again; the same seed gives the same images.',
      );
    this.#open.delete(name);
    this.#open.set(name, session);
    return session;
  }

  async close(name: string): Promise<void> {
    const session = this.#open.get(name);
    this.#open.delete(name);
    await session?.close();
  }

  #remember(name: string): void {
    this.#outdated.add(name);
    for (const old of [...this.#outdated].slice(0, -remembered)) this.#outdated.delete(old);
  }
}
