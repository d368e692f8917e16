/** Whether a file's tensors are the weights of a model: names, shapes, and numbers that are finite. */
import { brief } from '../lib/brief';
import { AppError } from '../lib/errors';
import { suggestion } from '../lib/nearest';
import { fileShape } from './layout';
import type { Model } from './model';
import type { RawTensor } from './safetensors';

/**
 * Checks tensors in the file's layout against the model's parameters, before any is used.
 * @throws AppError BAD_WEIGHTS naming missing, unknown or wrongly shaped tensors, or the first that holds NaN or infinity.
 */
export function checkFit(
  model: Pick<Model, 'architecture' | 'parameters'>,
  tensors: Readonly<Record<string, RawTensor>>,
  where: string,
): void {
  const refuse = (what: string, hint: string) =>
    new AppError('BAD_WEIGHTS', `'${where}' does not fit ${model.architecture}: ${what}.`, hint);
  const wanted = new Set(model.parameters.map(({ name }) => name));
  const given = Object.keys(tensors);
  const missing = [...wanted].filter((name) => !Object.hasOwn(tensors, name));
  const unknown = given.filter((name) => !wanted.has(name));
  if (missing.length > 0)
    throw refuse(
      `it has no ${some(missing)}${unknown.length > 0 ? `, but ${some(unknown)}` : ''}`,
      suggestion(missing[0] ?? '', given.slice(0, 10_000).map(brief)),
    );
  if (unknown.length > 0)
    throw refuse(`it has ${some(unknown)}, which the model has not`, suggestion(brief(unknown[0] ?? ''), [...wanted]));
  const others = model.parameters.filter(({ name, shape }) => tensors[name]?.shape.join() !== fileShape(shape).join());
  if (others.length > 0) {
    const differences = others.slice(0, 3).map(({ name, shape }) => {
      const [has, wants] = [tensors[name]?.shape ?? [], fileShape(shape)];
      return `'${name}' has shape [${has.join(', ')}] where the model has [${wants.join(', ')}]`;
    });
    const more = others.length > 3 ? `, and ${others.length - 3} more differ` : '';
    throw refuse(`${differences.join('; ')}${more}`, 'Check the architecture, its options, and the dataset.');
  }
  for (const { name } of model.parameters) {
    const data = tensors[name]?.data ?? new Float32Array();
    const at = firstNotFinite(data);
    if (at >= 0)
      throw refuse(`'${name}' holds ${data[at]} at position ${at}`, 'The file is damaged, or its training diverged.');
  }
}

/** "'a', 'b', 'c' and 7 more". */
function some(names: readonly string[]): string {
  const shown = names
    .slice(0, 3)
    .map((name) => `'${brief(name)}'`)
    .join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function firstNotFinite(data: Float32Array | Int32Array): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}
