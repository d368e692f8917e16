/** Tables as CSV (RFC 4180). */
import type { Json } from './json';

/** A header and one line a row; objects and lists as JSON, nothing for what a row lacks. */
export const csvTable = (columns: readonly string[], rows: readonly (readonly (Json | undefined)[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');

/** Quoted where it holds a separator, a quote or a line break. */
function cell(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
