/** Appends the records of a cell, whole batch by whole batch, each on disk before the next; what a kill tore off is cut away. */
import { type FileHandle, open } from 'node:fs/promises';
import { AppError, fileError } from '../../../lib/errors';
import { recordBytes } from '../../library/evaluations/records';

export class CellWriter {
  private constructor(
    private readonly handle: FileHandle,
    private readonly file: string,
    /** Batches that are kept from before. */
    readonly batches: number,
    /** Their images. */
    readonly images: number,
  ) {}

  /** Opens the file of a cell of so many images in batches of `batch`. @throws AppError BAD_FILE for a file longer than the cell. */
  static async open(file: string, images: number, batch: number): Promise<CellWriter> {
    const handle = await open(file, 'a+').catch((error: unknown) => {
      throw fileError(error, file, 'write an evaluation');
    });
    try {
      const { size } = await handle.stat();
      if (size > images * recordBytes)
        throw new AppError(
          'BAD_FILE',
          `'${file}' has ${size} bytes; ${images} images have ${images * recordBytes}.`,
          'Remove the evaluation, and evaluate again.',
        );
      const whole = size === images * recordBytes;
      const batches = whole ? Math.ceil(images / batch) : Math.floor(size / (batch * recordBytes));
      const kept = Math.min(images, batches * batch);
      await handle.truncate(kept * recordBytes);
      return new CellWriter(handle, file, batches, kept);
    } catch (error) {
      await handle.close();
      throw fileError(error, file, 'write an evaluation');
    }
  }

  async append(records: Uint8Array): Promise<void> {
    try {
      await this.handle.appendFile(records);
      await this.handle.sync();
    } catch (error) {
      throw fileError(error, this.file, 'write an evaluation');
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
