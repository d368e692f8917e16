/** What a weights file says of itself, from its header alone: lists need not read gigabytes. The numbers are checked when it is loaded. */
import { open } from 'node:fs/promises';
import * as v from 'valibot';
import { AppError, fileError } from '../../../lib/errors';
import type { Metadata } from '../../../models/weights';

const maxHeader = 16 * 2 ** 20;
const header = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ __metadata__: v.optional(v.record(v.string(), v.string()), {}) }),
);

/** @throws AppError NOT_FOUND, or BAD_FILE where there is no header. */
export async function weightsHeader(file: string): Promise<{ metadata: Metadata; size: number }> {
  const damaged = new AppError('BAD_FILE', `'${file}' is not a valid safetensors file: it has no header.`);
  const handle = await open(file).catch((error: unknown) => {
    throw fileError(error, file, 'read a model');
  });
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(8);
    await handle.read(head, 0, 8, 0);
    const length = Number(head.readBigUInt64LE());
    if (length > Math.min(maxHeader, size - 8)) throw damaged;
    const text = Buffer.alloc(length);
    await handle.read(text, 0, length, 8);
    const parsed = v.safeParse(header, text.toString('utf8'));
    if (!parsed.success) throw damaged;
    return { metadata: parsed.output.__metadata__, size };
  } catch (error) {
    throw fileError(error, file, 'read a model');
  } finally {
    await handle.close();
  }
}
