/** Finding a model by name: embedded (assets/models), imported (data folder), a .safetensors file, or a run folder. */
import { existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { assetsFolder } from '../lib/paths';
import { type ModelCard, parseCard } from './card';
import type { Model, Weights } from './model';
import { decodeModel } from './weights';

export interface LoadedModel {
  readonly name: string;
  readonly model: Model;
  readonly weights: Weights;
  readonly classes: readonly string[];
  readonly dataset: string;
  readonly card: ModelCard;
}

interface Found {
  readonly name: string;
  readonly file: string;
}

const maxBytes = 2 ** 31;

/** Every named model: embedded first, then imported. */
export async function listModels(dataFolder: string): Promise<{ name: string; file: string; card: ModelCard }[]> {
  const found = [
    ...(await weightsBelow(path.join(assetsFolder, 'models'))),
    ...(await weightsBelow(path.join(dataFolder, 'models'))),
  ];
  return Promise.all(found.map(async ({ name, file }) => ({ name, file, card: await cardOf(file, name) })));
}

/**
 * A model by its name ('fashion/jeat', or 'jeat' where only one ends so), a .safetensors path, or a run folder.
 * The caller disposes the weights.
 * @throws AppError UNKNOWN_NAME with the nearest name, NOT_FOUND, BAD_FILE, BAD_WEIGHTS.
 */
export async function findModel(name: string, dataFolder: string): Promise<LoadedModel> {
  const { name: title, file } = await locate(name, dataFolder);
  const bytes = await readBounded(file);
  const { model, weights, metadata } = decodeModel(bytes, file);
  const card = await cardOf(file, title);
  const classes = parseClasses(metadata.classes, model.classes);
  return { name: title, model, weights, classes, dataset: card.dataset ?? metadata.dataset ?? '', card };
}

async function locate(name: string, dataFolder: string): Promise<Found> {
  if (name.endsWith('.safetensors')) return { name: path.basename(name, '.safetensors'), file: name };
  const inRun = path.join(name, 'weights.safetensors');
  if (existsSync(path.join(name, 'run.json')))
    return { name: path.basename(path.resolve(name)), file: existsSync(inRun) ? inRun : await newestCheckpoint(name) };
  const known = await listModels(dataFolder);
  const exact = known.find((model) => model.name === name);
  const ending = known.filter((model) => model.name.split('/').at(-1) === name);
  const found = exact ?? (ending.length === 1 ? ending[0] : undefined);
  if (!found)
    throw unknownName(
      'model',
      name,
      ending.length > 1
        ? ending.map((model) => model.name)
        : known.flatMap((model) => [model.name, model.name.split('/').at(-1) ?? model.name]),
    );
  return found;
}

async function newestCheckpoint(run: string): Promise<string> {
  const folder = path.join(run, 'checkpoints');
  const steps = (await readdir(folder).catch(() => []))
    .filter((entry) => /^step-\d+$/.test(entry))
    .sort((a, b) => Number(b.slice(5)) - Number(a.slice(5)));
  return path.join(folder, steps[0] ?? 'step-0', 'weights.safetensors');
}

async function weightsBelow(folder: string, prefix = ''): Promise<Found[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return weightsBelow(file, `${prefix}${entry.name}/`);
      return entry.name.endsWith('.safetensors')
        ? [{ name: prefix + entry.name.slice(0, -'.safetensors'.length), file }]
        : [];
    }),
  );
  return found.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function cardOf(file: string, name: string): Promise<ModelCard> {
  const card = file.replace(/\.safetensors$/, '.json');
  return existsSync(card) ? { ...parseCard(await readFile(card, 'utf8'), card), name } : { name };
}

async function readBounded(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) throw new Error(`it has ${size} bytes, more than 2 GiB`);
    return await readFile(file);
  } catch (error) {
    throw fileError(error, file, 'read the model');
  }
}

function parseClasses(text: string | undefined, count: number): string[] {
  try {
    const names: unknown = JSON.parse(text ?? '');
    if (Array.isArray(names) && names.length === count && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // files of others name no classes
  }
  return Array.from({ length: count }, (_, i) => `class ${i}`);
}
