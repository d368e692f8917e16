/** What a command knows of its result, as the words that a picture carries. */
import type { Provenance } from '../figures/png-text';

/** Lists and objects as JSON. */
export const provenanceOf = (about: object): Provenance =>
  Object.fromEntries(
    Object.entries(about).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
