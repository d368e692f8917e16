/**
 * What decides a set of generated images: what two sets side by side share, and the way of each. From these follow the call that opens
 * the chains, the words that pictures carry, and, where it can make the same images, the command.
 */
import type { InputOf } from '../../../core/contract/contract';
import type { Api } from '../../../core/contract/api';
import type { Side } from '../../../core/contract/areas/common';
import type { OptionValue } from './options';

type Plan = InputOf<Api['sampling.open']>;
export type StartId = Plan['start'];

/** What the channel takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** An image of one's own to start from. */
export interface OwnImage {
  /** uint8 [h, w, c], of the size that the model takes. */
  readonly pixels: Bytes;
  /** 'cat.png', 'cifar10 test 12'. */
  readonly title: string;
  /** Where it stands in a dataset, if it does. */
  readonly from?: { readonly dataset: string; readonly side: Side; readonly index: number };
}

/** The same for every set. */
export interface Shared {
  readonly start: StartId;
  /** Of class starts and nearest images; '' is what the model was trained on. */
  readonly dataset: string;
  /** Chosen classes in order; none chosen means all. */
  readonly classes: readonly number[];
  /** Images. */
  readonly n: number;
  readonly seed: number;
  readonly own?: OwnImage | undefined;
  /** [h, w], 1 where the own image may change. */
  readonly mask?: Bytes | undefined;
  readonly fill: 'image' | 'noise';
}

/** What may differ from one set to the other. */
export interface Way {
  readonly model: string;
  readonly sampler: string;
  /** Down E(x,y) of the classes; otherwise down E(x). */
  readonly conditional: boolean;
  /** Options of the sampler that the user set. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

export function planOf(shared: Shared, way: Way): Plan {
  const { start, dataset, classes, n, seed, own, mask, fill } = shared;
  const { model, sampler, conditional } = way;
  return {
    model,
    sampler,
    conditional,
    start,
    dataset,
    seed,
    n,
    classes: [...classes],
    ...(start === 'image' && own ? { image: own.pixels, fill } : {}),
    ...(start === 'image' && own && mask ? { mask: mask } : {}),
  };
}

/** Options from a step on. */
export interface Change {
  readonly step: number;
  readonly options: Readonly<Record<string, OptionValue>>;
}

/** What made a set of images at a step: as `lowland sample` says it, in the same words. */
export function provenanceOf(
  { shared, way, classes, history, step }: Made,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { start, dataset, n, seed, own, mask, fill } = shared;
  const options = history.at(-1)?.options ?? way.options;
  return {
    model: way.model,
    seed: String(seed),
    n: String(n),
    class: shared.classes.length > 0 ? shared.classes.map((k) => classes[k] ?? k).join(', ') : 'all',
    sampler: way.sampler,
    options: JSON.stringify(options),
    ...(history.length > 1 ? { changes: JSON.stringify(history) } : {}),
    steps: String(step),
    start,
    ...(start === 'image' && own ? { image: own.title, masked: mask ? `yes, from ${fill}` : 'no' } : {}),
    ...(start.startsWith('class') && dataset ? { data: dataset } : {}),
    conditional: String(way.conditional),
    batch: String(n),
    ...more,
  };
}

export interface Made {
  readonly shared: Shared;
  readonly way: Way;
  readonly classes: readonly string[];
  readonly history: readonly Change[];
  readonly step: number;
}

/** The command that makes the same images; undefined where there is none: an own image, options that changed, several classes. */
export function commandOf({ shared, way, history, step }: Made): string | undefined {
  const { start, dataset, classes, n, seed } = shared;
  if (start === 'image' || history.length > 1 || classes.length > 1 || step === 0) return undefined;
  const set = Object.entries(history[0]?.options ?? {}).map(([name, value]) => `--set ${name}=${String(value)}`);
  return [
    `lowland sample ${way.model} --n ${n} --batch ${n} --seed ${seed}`,
    ...(classes.length === 1 ? [`--class ${classes[0]}`] : []),
    `--sampler ${way.sampler} --start ${start} --steps ${step}`,
    ...(start.startsWith('class') && dataset ? [`--data ${dataset}`] : []),
    ...(way.conditional ? [] : ['--no-conditional']),
    ...set,
  ].join(' ');
}
