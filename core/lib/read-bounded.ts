/** Files that others may have written, not larger than they should be. */
import { readFile, stat } from 'node:fs/promises';
import { AppError, fileError } from './errors';

/** @throws AppError BAD_FILE for a larger file, with the hint; NOT_FOUND and the like, saying that one cannot `doing` it ('read a card'). */
export async function readBounded(file: string, largest: number, doing: string, hint?: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > largest) throw tooLarge(file, size, largest, hint);
    return await readFile(file);
  } catch (error) {
    throw fileError(error, file, doing);
  }
}

export const tooLarge = (
  where: string,
  size: number,
  largest: number,
  hint = 'It is damaged or another file.',
): AppError =>
  new AppError(
    'BAD_FILE',
    `'${where}' has ${size.toLocaleString('en')} bytes; it should have at most ${largest.toLocaleString('en')}.`,
    hint,
  );
