/** Small networks that others published, by description: a file without an architecture is compared with each. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../lib/errors';
import { assetsFolder } from '../../lib/paths';
import type { Model } from '../model';
import { publishedWith } from '../published';
import { buildModel } from '../registry';
import type { RawTensor } from '../safetensors';
import { matchByName } from './match';

const triple = v.array(v.number());
const schema = v.strictObject({
  title: v.string(),
  reference: v.string(),
  dataset: v.string(),
  classes: v.array(v.string()),
  inputShape: v.strictTuple([v.number(), v.number(), v.number()]),
  normalisation: v.strictObject({ mean: triple, std: triple }),
  layers: v.array(v.unknown()),
});
export interface Template extends v.InferOutput<typeof schema> {
  readonly id: string;
}

export async function templates(folder = path.join(assetsFolder, 'architectures')): Promise<Template[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => ({
      id: path.basename(file, '.json'),
      ...v.parse(schema, JSON.parse(await readFile(path.join(folder, file), 'utf8'))),
    })),
  );
}

export const modelOf = ({ layers, normalisation, inputShape }: Template, classes: number): Model =>
  buildModel(
    'sequential',
    { layers: JSON.stringify(layers), normalisation: 'explicit', ...normalisation },
    inputShape,
    classes,
  );

/** Values of the bias of the last layer, one for each class; 0 where the file has no such layer. */
function classesIn(tensors: Readonly<Record<string, RawTensor>>, { layers }: Template): number {
  const last = v.safeParse(v.object({ name: v.string() }), layers.at(-1));
  const bias = Object.entries(tensors).find(
    ([name]) => last.success && `.${name}`.endsWith(`.${last.output.name}.bias`),
  );
  return bias?.[1].shape[0] ?? 0;
}

/**
 * The one description whose names and shapes these tensors have.
 * @throws AppError BAD_FILE where there is none or more than one.
 */
export async function recognised(
  tensors: Readonly<Record<string, RawTensor>>,
  where: string,
): Promise<{ template: Template; model: Model }> {
  const fitting = (await templates()).flatMap((template) => {
    try {
      const model = modelOf(template, classesIn(tensors, template));
      return matchByName(model, tensors) ? [{ template, model }] : [];
    } catch {
      return [];
    }
  });
  const [only, ...others] = fitting;
  if (only && others.length === 0) return only;
  const candidates = publishedWith(tensors);
  const hint =
    candidates.length > 0
      ? `Its tensors are those of ${candidates.join(' and ')}: say which with --arch, its --data, and its --mean and --std if it has them.`
      : 'Say what it is with --arch (and its options by --set), as models list names it.';
  throw new AppError(
    'BAD_FILE',
    only
      ? `'${where}' may be ${fitting.map(({ template }) => template.id).join(' or ')}.`
      : `'${where}' does not say what architecture it has, and no known one has its tensors.`,
    hint,
  );
}
