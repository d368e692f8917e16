/** events.jsonl: one JSON object a line, only ever appended to. A kill may tear the last line, which readers drop. */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError, systemCode } from '../lib/errors';
import { isJsonObject, type JsonObject } from '../lib/json';

/** What a caller reports; numbers that are not finite are stored as null. */
export type EventInput = JsonObject & { readonly kind: string; readonly step: number };
export type RunEvent = EventInput & {
  /** Position in the file: 0, 1, … without gaps, over all sessions. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly t: number;
  /** True where a resume went back to before this event and did the work again. */
  readonly superseded?: boolean;
};

const eventsPath = (folder: string): string => path.join(folder, 'events.jsonl');

/** Appends events in order. Writing starts at once; what arrives meanwhile goes out with the next write. */
export class EventLog {
  #waiting = '';
  #writing: Promise<void> = Promise.resolve();
  #busy = false;
  #failure: unknown;

  private constructor(
    private readonly handle: FileHandle,
    private readonly file: string,
    private size: number,
    private next: number,
  ) {}

  /** Opens the log of a run, cutting off a torn last line. */
  static async open(folder: string): Promise<EventLog> {
    const file = eventsPath(folder);
    try {
      const whole = wholeLines(await readFile(file).catch(emptyIfMissing));
      const handle = await open(file, whole.length === 0 ? 'w' : 'r+');
      await handle.truncate(whole.length);
      return new EventLog(handle, file, whole.length, (parse(whole).at(-1)?.seq ?? -1) + 1);
    } catch (error) {
      throw fileError(error, file, 'write events');
    }
  }

  /** The seq that the next event gets. */
  get nextSeq(): number {
    return this.next;
  }

  append(event: EventInput): RunEvent {
    const stored: RunEvent = { ...event, seq: this.next++, t: Date.now() };
    this.#waiting += `${JSON.stringify(stored)}\n`;
    if (!this.#busy && this.#failure === undefined) this.#writing = this.#drain();
    return stored;
  }

  /** Waits until every event is on disk. After a failure it tries again, over whatever part had been written. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#waiting !== '') {
      this.#failure = undefined;
      this.#writing = this.#drain();
      await this.#writing;
    }
    if (this.#failure !== undefined) throw fileError(this.#failure, this.file, 'write events');
    await this.handle.sync();
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.handle.close();
    }
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    try {
      while (this.#waiting !== '') {
        const text = this.#waiting;
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length;)
          at += (await this.handle.write(bytes, at, bytes.length - at, this.size + at)).bytesWritten;
        this.#waiting = this.#waiting.slice(text.length);
        this.size += bytes.length;
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#busy = false;
    }
  }
}

/**
 * The events of a run in order, without torn lines; those that a resume superseded are left out, or marked when `all`.
 * A run without events has none. @throws AppError for a file that cannot be read.
 */
export async function readEvents(folder: string, { all = false } = {}): Promise<RunEvent[]> {
  const file = eventsPath(folder);
  const events = parse(
    wholeLines(
      await readFile(file)
        .catch(emptyIfMissing)
        .catch((error: unknown) => {
          throw fileError(error, file, 'read events');
        }),
    ),
  );
  const ranges = events.flatMap(({ kind, supersedes }) =>
    kind === 'resume' && Array.isArray(supersedes) ? [[Number(supersedes[0]), Number(supersedes[1])] as const] : [],
  );
  const marked = events.map((event) =>
    ranges.some(([first, last]) => event.seq >= first && event.seq <= last && event.kind !== 'resume')
      ? { ...event, superseded: true }
      : event,
  );
  return all ? marked : marked.filter((event) => !event.superseded);
}

function emptyIfMissing(error: unknown): Buffer {
  if (systemCode(error) === 'ENOENT') return Buffer.alloc(0);
  throw error;
}

const wholeLines = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);

function parse(lines: Buffer): RunEvent[] {
  if (lines.length > 2 ** 29)
    throw new AppError('BAD_FILE', `An event log of ${lines.length} bytes is too large to read.`);
  return lines
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const event = parseLine(line);
      return event ? [event] : [];
    });
}

/** The event of a line; a line that a failing disk damaged is none. */
export function parseLine(line: string): RunEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isJsonObject(value)) return undefined;
    const { kind, step, seq, t } = value;
    if (typeof kind !== 'string' || typeof step !== 'number' || typeof seq !== 'number' || typeof t !== 'number')
      return undefined;
    return { ...value, kind, step, seq, t };
  } catch {
    return undefined;
  }
}
