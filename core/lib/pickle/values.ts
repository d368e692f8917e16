/** What a pickle may hold, and what a kind of file lets it ask for. */
/** A name that a pickle asks for: it stands for what we rebuild ourselves. */
export class Name {
  constructor(readonly text: string) {}
}
/** What a vocabulary builds. */
export abstract class Built {
  /** What it is, for messages. */
  abstract readonly what: string;
}

export type Pickled = null | boolean | number | string | Uint8Array | Pickled[] | Map<string, Pickled> | Name | Built;

/** What a kind of file may hold, besides plain data. */
export interface Vocabulary {
  /** 'module.name', as the pickle asks for it. */
  readonly names: readonly string[];
  /** What a name gives for its arguments; undefined where it gives nothing that is read. */
  call(name: Name, given: readonly Pickled[]): Pickled | undefined;
  /** Puts a state into what was built; false where it is none for it. */
  setState(target: Pickled, state: Pickled): boolean;
  /** What a persistent id stands for. */
  persistent?(id: Pickled): Pickled | undefined;
  /** Said of a state that is none: 'holds something other than a uint8 array'. */
  readonly strangeState: string;
  /** Said after every refusal. */
  readonly hint: string;
}

/** A text, of Python 2 or 3. */
export function textOf(value: Pickled | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array && value.length < 1000 ? Buffer.from(value).toString('latin1') : undefined;
}
