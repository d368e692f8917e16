/** A configuration as lines to read: nested settings by dotted names, short lists in one line. */

/** Deeper settings are written as JSON: no configuration of ours is that deep. */
const deepest = 8;
const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A line for each setting, in the order of the configuration; undefined ones are left out. */
export function settingsOf(value: object, prefix = '', depth = 0): { name: string; value: string }[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (inner === undefined) return [];
    if (isGroup(inner) && depth < deepest && Object.keys(inner).length > 0) return settingsOf(inner, name, depth + 1);
    return [{ name, value: typeof inner === 'string' ? inner : written(inner) }];
  });
}

const written = (value: unknown): string =>
  Array.isArray(value) && value.every((each) => typeof each !== 'object')
    ? value.map(String).join(', ') || 'none'
    : (JSON.stringify(value) ?? String(value));
