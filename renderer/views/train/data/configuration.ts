/** A stored configuration as lines: dotted names and values as text. */
import type { Json, JsonObject } from '../../../../core/lib/json';

export function flattened(value: JsonObject, prefix = ''): [option: string, value: string][] {
  return Object.entries(value).flatMap(([name, inner]): [string, string][] => {
    const option = prefix ? `${prefix}.${name}` : name;
    if (inner === undefined) return [];
    return isObject(inner)
      ? flattened(inner, option)
      : [[option, typeof inner === 'string' ? inner : JSON.stringify(inner)]];
  });
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** 'objective.options.eps' as one would type it: 'objective.eps'. */
export const optionName = (dotted: string): string => dotted.replace('.options.', '.').replace(/^training\./, '');
