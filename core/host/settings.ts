/** Settings of the windows: JSON by key in one file of the data folder, written whole a moment after a change. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomic } from '../lib/atomic';
import { AppError } from '../lib/errors';
import { type Json, type JsonObject, isJsonObject } from '../lib/json';

const largestValue = 256 * 1024;
const mostKeys = 500;

export interface Settings {
  read(): Promise<JsonObject>;
  /** @throws AppError BAD_OPTION for a value that is too large. */
  write(key: string, value: Json): Promise<void>;
  flush(): Promise<void>;
}

export function openSettings(dataFolder: string, delay = 300): Settings {
  const file = path.join(dataFolder, 'settings.json');
  let loaded: Promise<Record<string, Json | undefined>> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const values = () => (loaded ??= load(file));
  const flush = async () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    await writeAtomic(file, `${JSON.stringify(await values(), null, 2)}\n`);
  };
  return {
    read: values,
    flush,
    async write(key, value) {
      const size = JSON.stringify(value).length;
      if (size > largestValue)
        throw new AppError(
          'BAD_OPTION',
          `The setting '${key}' has ${size} characters; at most ${largestValue} are kept.`,
        );
      const all = await values();
      if (!(key in all) && Object.keys(all).length >= mostKeys)
        throw new AppError('BAD_OPTION', `There are ${mostKeys} settings already; '${key}' is one too many.`);
      all[key] = value;
      timer ??= setTimeout(() => void flush().catch(() => undefined), delay);
    },
  };
}

/** A damaged file is no reason not to start: it counts as empty. */
async function load(file: string): Promise<Record<string, Json | undefined>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isJsonObject(parsed) ? { ...parsed } : {};
  } catch {
    return {};
  }
}
