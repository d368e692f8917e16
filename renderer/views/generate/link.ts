/** The words of the view in its address, and back: what the address lacks is as usual. */
import type { Linked } from '../../state/route.svelte';
import type { OptionValue, Options } from './options';
import type { Sources } from './sources.svelte';
import type { Shared, StartId, Way } from './words';

export const linkDefaults = {
  model: '',
  seed: 0,
  start: '',
  sampler: '',
  energy: 'joint',
  options: [] as readonly string[],
  n: 50,
  classes: [] as readonly string[],
  /** Of the class starts, or of the image to start from. */
  dataset: '',
  side: 'test',
  index: -1,
  /** The second set beside the first. */
  besides: '',
  besidesSampler: '',
  besidesOptions: [] as readonly string[],
};
export type Link = { readonly [K in keyof typeof linkDefaults]: (typeof linkDefaults)[K] };
export type WrittenLink = Linked<typeof linkDefaults>;

const starts: readonly StartId[] = ['uniform', 'class-gaussian', 'class-pca', 'image'];

/** 'step=0.5' and so on. */
export const written = (options: Options): string[] =>
  Object.entries(options).map(([name, value]) => `${name}=${String(value)}`);

export function readOptions(texts: readonly string[], sources: Pick<Sources, 'schema'>, sampler: string): Options {
  const schema = sources.schema(sampler);
  const pairs = texts.flatMap((text): [string, OptionValue][] => {
    const [name = '', value = ''] = text.split('=');
    const kind = schema[name]?.kind;
    if (kind === 'real' || kind === 'count') return Number.isFinite(Number(value)) ? [[name, Number(value)]] : [];
    if (kind === 'flag') return [[name, value === 'true']];
    return kind === 'choice' || kind === 'text' ? [[name, value]] : [];
  });
  return Object.fromEntries(pairs);
}

/** What an address asks for. A place in a dataset without a start is meant as the start. */
export function wordsOf(
  link: Link,
  sources: Pick<Sources, 'schema' | 'usualModel' | 'usualSampler' | 'datasetOf'>,
): { shared: Shared; ways: readonly Way[] } {
  const model = link.model || sources.usualModel(link.dataset);
  const sampler = link.sampler || sources.usualSampler;
  const start = starts.find((id) => id === link.start) ?? (link.index >= 0 ? 'image' : 'uniform');
  const way = (name: string, by: string, options: readonly string[]): Way => ({
    model: name,
    sampler: by,
    conditional: link.energy !== 'marginal',
    options: readOptions(options, sources, by),
  });
  const first = way(model, sampler, link.options);
  const second = link.besides ? [way(link.besides, link.besidesSampler || sampler, link.besidesOptions)] : [];
  return {
    shared: {
      start,
      dataset: link.dataset || sources.datasetOf(model),
      classes: link.classes.map(Number).filter((k) => Number.isInteger(k) && k >= 0),
      n: whole(link.n, 1, 1024),
      seed: whole(link.seed, 0, 2 ** 31 - 1),
      fill: 'image',
    },
    ways: [first, ...second],
  };
}

const whole = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, Math.round(value)));

/** The address of words; the opposite of `wordsOf`. */
export function linkOf(
  shared: Shared,
  [first, second]: readonly Way[],
): Omit<Link, 'dataset' | 'side' | 'index'> & Partial<Link> {
  const from = shared.start === 'image' ? shared.own?.from : undefined;
  return {
    model: first?.model ?? '',
    seed: shared.seed,
    start: shared.start,
    sampler: first?.sampler ?? '',
    energy: first?.conditional === false ? 'marginal' : 'joint',
    options: written(first?.options ?? {}),
    n: shared.n,
    classes: shared.classes.map(String),
    dataset: from?.dataset ?? shared.dataset,
    side: from?.side ?? linkDefaults.side,
    index: from?.index ?? linkDefaults.index,
    besides: second?.model ?? '',
    besidesSampler: second?.sampler ?? '',
    besidesOptions: written(second?.options ?? {}),
  };
}
