/**
 * Which of a checkpoint's tensors are a model's weights. Checkpoints wrap them ('state_dict.', 'module.', an average beside them); where
 * names differ, tensors are taken by order and shape, with a report. It is all of a model or nothing.
 */
import { brief } from '../../lib/brief';
import { AppError } from '../../lib/errors';
import { checkFit } from '../fit';
import { fileShape } from '../layout';
import type { Model, Parameter } from '../model';
import type { RawTensor } from '../safetensors';
import type { OpenedFile } from './open';

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

const sameShape = (tensor: RawTensor | undefined, { shape }: Parameter): boolean =>
  tensor?.shape.join() === fileShape(shape).join();

/** The model's tensors by name; what else the file holds is left out, and said. Undefined where its names do not lead to all. */
export function matchByName(model: Fitted, tensors: Tensors): Matched | undefined {
  const { parameters } = model;
  const prefix = prefixesOf(tensors, model).find((start) =>
    parameters.every((parameter) => sameShape(tensors[start + parameter.name], parameter)),
  );
  if (prefix === undefined) return undefined;
  const group = below(tensors, prefix);
  const names = new Set(parameters.map(({ name }) => name));
  const unused = Object.keys(group).filter((name) => !names.has(name));
  return {
    tensors: Object.fromEntries(Object.entries(group).filter(([name]) => names.has(name))),
    report: [
      ...(prefix ? [`The weights are those below '${prefix.slice(0, -1)}'.`] : []),
      ...(unused.length > 0
        ? [`Not used: ${unused.slice(0, 8).map(brief).join(', ')}${unused.length > 8 ? ', …' : ''}.`]
        : []),
      ...ownNormalisation(group, unused),
    ],
  };
}

/** Mean and deviation that a network keeps beside its weights: whether the model has them is for the user to see. */
function ownNormalisation(group: Tensors, unused: readonly string[]): string[] {
  const values = (names: RegExp): string | undefined => {
    const name = unused.find((each) => names.test(each));
    const data = name === undefined ? undefined : group[name]?.data;
    return data && data.length <= 4 ? [...data].map((value) => Number(value.toPrecision(6))).join(',') : undefined;
  };
  const [mean, std] = [values(/(^|\.)(mean|mu)$/), values(/(^|\.)(std|sigma)$/)];
  return mean && std ? [`The file normalises pixels by mean ${mean} and deviation ${std}.`] : [];
}

/** Groups of tensors below the first three parts of their names, by the part that they share; '' is all of them. */
function groupsOf(tensors: Tensors): Map<string, [string, RawTensor][]> {
  const groups = new Map<string, [string, RawTensor][]>([['', Object.entries(tensors)]]);
  for (const entry of Object.entries(tensors))
    for (let at = entry[0].indexOf('.'), level = 0; at >= 0 && level < 3; at = entry[0].indexOf('.', at + 1), level++) {
      const prefix = entry[0].slice(0, at + 1);
      const group = groups.get(prefix);
      if (group) group.push(entry);
      else groups.set(prefix, [entry]);
    }
  return groups;
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** The model's tensors in the order of the file, where each has the shape and the last part of the name; else undefined. */
export function matchByOrder({ parameters }: Fitted, tensors: Tensors): Matched | undefined {
  const agrees = (group: readonly [string, RawTensor][]): boolean =>
    group.length === parameters.length &&
    parameters.every((parameter, i) => {
      const [name = '', tensor] = group[i] ?? [];
      return sameShape(tensor, parameter) && lastPart(name) === lastPart(parameter.name);
    });
  const [found] = [...groupsOf(tensors)]
    .filter(([, group]) => agrees(group))
    .sort(([a], [b]) => Number(averaged(b)) - Number(averaged(a)) || a.length - b.length);
  if (!found) return undefined;
  const pairs = parameters.flatMap(({ name }, i) => {
    const [own, tensor] = found[1][i] ?? [];
    return own !== undefined && tensor ? [{ name, own, tensor }] : [];
  });
  return {
    tensors: Object.fromEntries(pairs.map(({ name, tensor }) => [name, tensor])),
    report: [
      'The names differ; tensors were taken in the order of the file, with the shapes of the model:',
      ...pairs.map(({ name, own }) => `${own} -> ${name}`),
    ],
  };
}

/** @throws AppError BAD_WEIGHTS naming what is missing or of another shape. */
export function matched(model: Fitted, { tensors, ordered }: OpenedFile, where: string): Matched {
  const found = matchByName(model, tensors) ?? (ordered ? matchByOrder(model, tensors) : undefined);
  if (found) {
    checkFit(model, found.tensors, where);
    return found;
  }
  const [prefix = ''] = prefixesOf(tensors, model);
  checkFit(model, below(tensors, prefix), where);
  throw new AppError(
    'BAD_WEIGHTS',
    `'${where}' does not fit ${model.architecture}.`,
    'Check the architecture and its options.',
  );
}
