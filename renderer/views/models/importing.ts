/** A weights file that is to be imported. */
import { AppError } from '../../../core/lib/errors';

export interface WeightsFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}
export const weightEndings = ['safetensors', 'pt', 'pth', 'bin', 'ckpt'];
/** Of one message to the host. */
const largest = 250 * 2 ** 20;

/** @throws AppError BAD_FILE for what cannot be taken from a window. */
export function checkedSize(name: string, size: number): void {
  if (size === 0) throw new AppError('BAD_FILE', `'${name}' is empty.`, 'Choose a file of weights.');
  if (size > largest)
    throw new AppError(
      'BAD_FILE',
      `'${name}' has ${Math.round(size / 2 ** 20)} MiB; a window takes at most ${largest / 2 ** 20}.`,
      'Import it from the command line: lowland import FILE --name NAME.',
    );
}

/** 'my net (1).safetensors' -> 'my-net-1': a name that a model may have. */
export const nameFor = (file: string): string =>
  file
    .replace(/\.[^.]*$/, '')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9_]+|-+$/g, '')
    .slice(0, 100);
