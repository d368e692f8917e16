/**
 * Which of a checkpoint's tensors are a model's weights. Checkpoints wrap them ('state_dict.', 'module.', an average beside them); where
 * names differ, tensors are taken by order and shape, with a report. It is all of a model or nothing.
 */
import { AppError } from '../../lib/errors';
import { checkFit } from '../fit';
import { fileShape } from '../layout';
import type { Model } from '../model';
import type { RawTensor } from '../safetensors';

type Tensors = Readonly<Record<string, RawTensor>>;
type Fitted = Pick<Model, 'architecture' | 'parameters'>;

export interface Matched {
  /** By the model's names. */
  readonly tensors: Record<string, RawTensor>;
  /** How they were found, in sentences; empty where the names are the model's own. */
  readonly report: readonly string[];
}

/** An average of the weights is what its makers evaluate. */
const preferred = ['ema', 'model_ema', 'ema_state_dict', 'state_dict_ema', 'swa'];
const averaged = (prefix: string): boolean => prefix.split('.').some((part) => preferred.includes(part));

/** Prefixes that stand before the model's first weight, averages first, then the shortest. */
function prefixesOf(tensors: Tensors, { parameters }: Fitted): string[] {
  const first = parameters[0]?.name ?? '';
  return Object.keys(tensors)
    .filter((name) => name === first || name.endsWith(`.${first}`))
    .map((name) => name.slice(0, name.length - first.length))
    .sort((a, b) => Number(averaged(b)) - Number(averaged(a)) || a.length - b.length);
}

const below = (tensors: Tensors, prefix: string): Record<string, RawTensor> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    ),
  );

const fits = ({ parameters }: Fitted, tensors: Tensors): boolean =>
  parameters.every(({ name, shape }) => tensors[name]?.shape.join() === fileShape(shape).join());

/** The model's tensors by name; what else the file holds is left out, and said. Undefined where its names do not lead to all. */
export function matchByName(model: Fitted, tensors: Tensors): Matched | undefined {
  for (const prefix of prefixesOf(tensors, model)) {
    const group = below(tensors, prefix);
    if (!fits(model, group)) continue;
    const names = new Set(model.parameters.map(({ name }) => name));
    const unused = Object.keys(group).filter((name) => !names.has(name));
    return {
      tensors: Object.fromEntries(Object.entries(group).filter(([name]) => names.has(name))),
      report: [
        ...(prefix ? [`The weights are those below '${prefix.slice(0, -1)}'.`] : []),
        ...(unused.length > 0 ? [`Not used: ${unused.slice(0, 8).join(', ')}${unused.length > 8 ? ', …' : ''}.`] : []),
      ],
    };
  }
  return undefined;
}

/** The model's tensors in the order of the file, where each shape agrees; undefined where one does not. */
export function matchByOrder({ parameters }: Fitted, tensors: Tensors): Matched | undefined {
  const entries = Object.entries(tensors);
  if (entries.length !== parameters.length) return undefined;
  const agree = parameters.every(({ shape }, i) => entries[i]?.[1].shape.join() === fileShape(shape).join());
  if (!agree) return undefined;
  return {
    tensors: Object.fromEntries(
      parameters.map(({ name }, i) => [name, entries[i]?.[1] ?? { shape: [], data: new Float32Array() }]),
    ),
    report: [
      'The names differ; tensors were taken in the order of the file, with the shapes of the model:',
      ...parameters.map(({ name }, i) => `${entries[i]?.[0] ?? ''} -> ${name}`),
    ],
  };
}

/** @throws AppError BAD_WEIGHTS naming what is missing or of another shape. */
export function matched(model: Fitted, tensors: Tensors, where: string): Matched {
  const found = matchByName(model, tensors) ?? matchByOrder(model, tensors);
  if (found) {
    checkFit(model, found.tensors, where);
    return found;
  }
  const [prefix = ''] = prefixesOf(tensors, model);
  const near = below(tensors, prefix);
  checkFit(model, Object.keys(near).length > 0 ? near : tensors, where);
  throw new AppError(
    'BAD_WEIGHTS',
    `'${where}' does not fit ${model.architecture}.`,
    'Check the architecture and its options.',
  );
}
