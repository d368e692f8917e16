/** Looking a name up, with the nearest known one in the error. */
import { closest, distance } from 'fastest-levenshtein';
import { AppError, type ErrorCode } from './errors';

/** "Did you mean 'x'?" when some known name is near, else the list of known names. */
export function suggestion(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'There is none.';
  const best = closest(name, [...known]);
  const off = distance(name, best);
  const near = (off <= Math.max(2, Math.floor(name.length / 3)) && off < name.length) || best.startsWith(name);
  const shown = known.length > 12 ? `${known.slice(0, 12).join(', ')}, …` : known.join(', ');
  return near ? `Did you mean '${best}'?` : `Known: ${shown}.`;
}

export function unknownName(
  kind: string,
  name: string,
  known: readonly string[],
  code: ErrorCode = 'UNKNOWN_NAME',
): AppError {
  return new AppError(code, `Unknown ${kind} '${name}'.`, suggestion(name, known));
}
