/** A name out of a file, for a message: it may be of any length, and hold anything. */
export const brief = (name: string): string => name.slice(0, 100).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
