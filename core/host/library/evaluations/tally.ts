/** Counts and means of a cell whose file grows: each byte is read once. */
import { open } from 'node:fs/promises';
import { fileError, systemCode } from '../../../lib/errors';
import type { CellResult } from '../../../contract/areas/evaluations';
import { decodeRecords, isRobust, recordBytes } from './records';

/** Of one read: some ten thousand images. */
const piece = 10_000 * recordBytes;

export class CellTally {
  #images = 0;
  #robust = 0;
  /** Sums of E(x), E(x,y) before, E(x), E(x,y) after. */
  #sums = [0, 0, 0, 0];

  constructor(private readonly file: string) {}

  /** Takes in what is new. A cell that has not begun has no file; one that was cut back to whole batches is counted again. */
  async read(): Promise<CellResult> {
    const handle = await open(this.file).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw fileError(error, this.file, 'read an evaluation');
    });
    try {
      const { size } = handle ? await handle.stat() : { size: 0 };
      if (size < this.#images * recordBytes) this.#clear();
      const end = size - (size % recordBytes);
      for (let at = this.#images * recordBytes; handle && at < end;) {
        const buffer = Buffer.alloc(Math.min(piece, end - at));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
        const whole = bytesRead - (bytesRead % recordBytes);
        if (whole === 0) break;
        this.#add(buffer.subarray(0, whole));
        at += whole;
      }
    } finally {
      await handle?.close();
    }
    return this.#result();
  }

  #clear(): void {
    this.#images = 0;
    this.#robust = 0;
    this.#sums = [0, 0, 0, 0];
  }

  #add(bytes: Uint8Array): void {
    for (const record of decodeRecords(bytes)) {
      const { cleanMarginal, cleanJoint, marginal, joint } = record;
      this.#images++;
      if (isRobust(record)) this.#robust++;
      [cleanMarginal, cleanJoint, marginal, joint].forEach((value, k) => {
        this.#sums[k] = (this.#sums[k] ?? 0) + value;
      });
    }
  }

  #result(): CellResult {
    const mean = (k: number) => (this.#sums[k] ?? NaN) / this.#images;
    return {
      images: this.#images,
      accuracy: this.#robust / this.#images,
      clean: { marginal: mean(0), joint: mean(1) },
      reached: { marginal: mean(2), joint: mean(3) },
    };
  }
}
