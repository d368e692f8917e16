/** Projects are data folders: the one that is open, and those that were. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';

const schema = v.pipe(v.array(v.pipe(v.string(), v.maxLength(4096))), v.maxLength(100));
const kept = 8;

export class Projects {
  #recent: readonly string[];

  constructor(private readonly file: string) {
    this.#recent = read(file);
  }

  /** The newest first. */
  get recent(): readonly string[] {
    return this.#recent;
  }

  opened(folder: string): void {
    const place = path.resolve(folder);
    this.#recent = [place, ...this.#recent.filter((other) => other !== place)].slice(0, kept);
    try {
      writeFileSync(this.file, JSON.stringify(this.#recent));
    } catch {
      // the list is a convenience
    }
  }
}

function read(file: string): readonly string[] {
  try {
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}
