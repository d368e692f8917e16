/** Presets: named training configurations in assets/presets, one file a family; each preset overrides its family's defaults. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { AppError, fileError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { assetsFolder } from '../lib/paths';

const partSchema = v.strictObject({ id: v.string(), options: v.optional(v.record(v.string(), v.unknown()), {}) });
const bodySchema = v.strictObject({
  title: v.string(),
  summary: v.string(),
  source: v.optional(v.string(), ''),
  dataset: v.string(),
  model: partSchema,
  objective: partSchema,
  optimiser: partSchema,
  schedule: partSchema,
  training: v.optional(v.record(v.string(), v.unknown()), {}),
});
const familySchema = v.strictObject({
  defaults: v.record(v.string(), v.unknown()),
  presets: v.record(v.string(), v.record(v.string(), v.unknown())),
});

/** A training configuration by name, 'family/name', with options not yet resolved. */
export type Preset = v.InferOutput<typeof bodySchema> & { readonly id: string };

/** Objects are merged, anything else replaced; a part with another id starts from its own defaults. */
function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over === undefined ? base : over;
  if ('id' in over && 'id' in base && over.id !== base.id) return over;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [key, merge(base[key], over[key])]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks a preset that somebody wrote. @throws AppError BAD_FILE naming the first thing that is wrong. */
export function parsePreset(value: unknown, id: string): Preset {
  const parsed = v.safeParse(bodySchema, value);
  if (parsed.success) return { ...parsed.output, id };
  const issue = parsed.issues[0];
  throw new AppError(
    'BAD_FILE',
    `The configuration '${id}' is not valid at '${v.getDotPath(issue) ?? 'its top'}': ${issue.message}.`,
    'See assets/presets for examples.',
  );
}

export async function listPresets(folder = path.join(assetsFolder, 'presets')): Promise<Preset[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const families = await Promise.all(
    files.map(async (file) => readFamily(path.join(folder, file), path.basename(file, '.json'))),
  );
  return families.flat();
}

async function readFamily(file: string, family: string): Promise<Preset[]> {
  const { defaults, presets } = v.parse(familySchema, JSON.parse(await readFile(file, 'utf8')));
  return Object.entries(presets).map(([name, own]) => parsePreset(merge(defaults, own), `${family}/${name}`));
}

/** A preset from the text of a JSON file. @throws AppError BAD_FILE. */
export function presetFrom(json: string, name: string): Preset {
  try {
    return parsePreset(JSON.parse(json), path.basename(name, '.json'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AppError('BAD_FILE', `The configuration '${name}' is not JSON: ${error.message}.`, undefined, error);
    throw error;
  }
}

/** A preset by id, or from a JSON file (a path that ends in .json). */
export async function findPreset(name: string): Promise<Preset> {
  if (name.endsWith('.json')) {
    const json = await readFile(name, 'utf8').catch((error: unknown) => {
      throw fileError(error, name, 'read the configuration');
    });
    return presetFrom(json, name);
  }
  const presets = await listPresets();
  const found = presets.find((preset) => preset.id === name);
  if (!found)
    throw unknownName(
      'preset',
      name,
      presets.map((preset) => preset.id),
    );
  return found;
}
