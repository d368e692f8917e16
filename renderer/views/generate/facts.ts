/** What frames say in numbers and words. */
import { seriesColour } from '../../../core/figures/theme';
import type { SamplingFrame } from '../../../core/contract/areas/sampling';
import { nats } from '../../plots/chains/nats';
import { meanOf } from '../../plots/chains/geometry';

/** '37 of 40 taken for their class · mean E(x) −13.2 nats'. */
export function summaryOf(frame: SamplingFrame, labels: ArrayLike<number>): string {
  const right = frame.predicted.filter((k, i) => k === labels[i]).length;
  return `${right} of ${labels.length} taken for their class · mean E(x) ${nats(meanOf(frame.marginal))} nats`;
}

/** One image: 'Image 14 · dress, taken for coat · E(x) −12.3 · E(x,y) −11.9 nats'. */
export function imageWords(
  frame: SamplingFrame,
  image: number,
  label: number | undefined,
  classes: readonly string[],
): string {
  const name = (k: number | undefined) => classes[k ?? -1] ?? `class ${k}`;
  const seen = frame.predicted[image];
  const taken = seen === label ? '' : `, taken for ${name(seen)}`;
  const joint = frame.joint ? ` · E(x,y) ${nats(frame.joint[image] ?? NaN)}` : '';
  return `Image ${image + 1} · ${name(label)}${taken} · E(x) ${nats(frame.marginal[image] ?? NaN)}${joint} nats`;
}

/** p(y|x) from logits. */
export function softmax(logits: ArrayLike<number>): number[] {
  const top = Math.max(...Array.from(logits));
  const powers = Array.from(logits, (logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The method of a model as charts colour it: 'jeat' of 'cifar10/jeat-small'. */
export function methodOf(model: string): string {
  const name = shortName(model);
  return seriesColour(name) ? name : (name.split('-')[0] ?? name);
}

/** The last part of a model's name: 'fashion/jeat' is 'jeat'. */
export const shortName = (model: string): string => model.split('/').at(-1) ?? model;
