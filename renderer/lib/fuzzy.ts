/** Fuzzy search of short texts: letters in order, better at starts of words and in a row. */

const wordStart = (text: string, at: number): boolean => at === 0 || /[\s/\-_.:(]/.test(text[at - 1] ?? '');

/** How well `query` fits `text`, higher is better; undefined where a letter is missing. Every word of the query must fit. */
export function score(query: string, text: string): number | undefined {
  const lower = text.toLowerCase();
  let total = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const found = lower.indexOf(word);
    if (found >= 0) total += 100 + word.length * 4 + (wordStart(lower, found) ? 50 : 0) - found * 0.1;
    else {
      const scattered = inOrder(word, lower);
      if (scattered === undefined) return undefined;
      total += scattered;
    }
  }
  return total;
}

function inOrder(word: string, text: string): number | undefined {
  let at = -1;
  let total = 0;
  for (const letter of word) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    total += wordStart(text, next) ? 10 : next === at + 1 ? 6 : 1;
    at = next;
  }
  return total;
}

/** The items that fit, best first; all of them, in order, for an empty query. */
export function search<T>(items: readonly T[], query: string, textOf: (item: T) => string): T[] {
  if (query.trim() === '') return [...items];
  return items
    .map((item) => ({ item, score: score(query, textOf(item)) }))
    .filter((found): found is { item: T; score: number } => found.score !== undefined)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
