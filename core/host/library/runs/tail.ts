/** Reads a file of lines that somebody else appends to: only what is new, and never a line that is not whole yet. */
import { open } from 'node:fs/promises';
import { AppError, fileError, systemCode } from '../../../lib/errors';

/** Bytes of one read: some thousands of events. */
const piece = 2 ** 20;
/** A longer line is no event of ours. */
const longestLine = 64 * piece;
const newline = 0x0a;

export class LineTail {
  #read = 0;

  constructor(private readonly file: string) {}

  /**
   * Whole lines that are new, in pieces; none while the file is not there yet.
   * @throws AppError BAD_FILE when the file became shorter than what was read of it.
   */
  async *news(): AsyncGenerator<Buffer, void, undefined> {
    const handle = await open(this.file).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT' && this.#read === 0) return undefined;
      throw fileError(error, this.file, 'read events');
    });
    if (!handle) return;
    try {
      const { size } = await handle.stat();
      if (size < this.#read)
        throw new AppError('BAD_FILE', `'${this.file}' became shorter while it was read.`, 'Open the run again.');
      for (let length = piece; this.#read < size;) {
        const buffer = Buffer.allocUnsafe(Math.min(length, size - this.#read));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#read);
        const end = buffer.lastIndexOf(newline, bytesRead - 1) + 1;
        if (end > 0) {
          this.#read += end;
          length = piece;
          yield buffer.subarray(0, end);
        } else if (bytesRead < length || length >= longestLine) return;
        else length *= 2;
      }
    } finally {
      await handle.close();
    }
  }
}
