/** What the energy view asks, as its address says it, and what a dataset and its models make of what is left open. */
import type { InputOf } from '../../../core/contract/contract';
import type { Api } from '../../../core/contract/api';
import type { Side, Subject } from '../../../core/contract/areas/common';
import type { DatasetDetails } from '../../../core/contract/areas/datasets';
import type { ModelRow } from '../../../core/contract/areas/models';
import { distance } from '../../lib/format';
import type { EnergyPlane } from '../../plots/contours/plane';
import type { CarriedImage } from '../../state/carried.svelte';
import { fitting, shortName } from '../datasets/models.svelte';

export const firstDataset = 'fashion-mnist-mini';
/** What the first look compares: from nothing done about the energy to all of it. */
const story = ['natural', 'at', 'prejeat', 'jeat'];
const mostAtFirst = 4;

export const linkDefaults = {
  dataset: '',
  side: 'test',
  index: 0,
  /** Round the image that another view handed over, not round that of the dataset. */
  carried: false,
  model: '',
  models: [] as readonly string[],
  run: '',
  show: 'landscape',
  energy: 'joint',
  form: 'flat',
  norm: 'linf',
  eps: 0,
  range: 0,
  directions: 'random',
  seed: 0,
  points: 81,
  walk: '',
  label: 0,
};
export type EnergyLink = typeof linkDefaults;

export type EnergyName = 'joint' | 'marginal';
export const symbols: Readonly<Record<EnergyName, string>> = { joint: 'E(x,y)', marginal: 'E(x)' };
export const energyOf = ({ energy }: Pick<EnergyLink, 'energy'>): EnergyName =>
  energy === 'marginal' ? 'marginal' : 'joint';
export const normOf = ({ norm }: Pick<EnergyLink, 'norm'>): 'linf' | 'l2' => (norm === 'l2' ? 'l2' : 'linf');
export const sideOf = ({ side }: Pick<EnergyLink, 'side'>): Side => (side === 'train' ? 'train' : 'test');

/** Points of two numbers, which are no pictures. */
export const isToy = ({ shape }: Pick<DatasetDetails, 'shape'>): boolean => shape[2] === 2;

/** In the order of the story; the others behind. */
export function inOrder(rows: readonly ModelRow[]): ModelRow[] {
  const place = ({ name }: ModelRow) => {
    const at = story.indexOf(methodName(name));
    return at < 0 ? story.length : at;
  };
  return [...rows].sort((a, b) => place(a) - place(b));
}
/** 'cifar10/jeat-small', 'toys/jeat-moons' -> 'jeat'. */
const methodName = (name: string): string => shortName(name).split('-')[0] ?? name;

/** The models of the address; without any, those of the story that were trained on the dataset, else the first that fit. */
export function chosenModels(link: Pick<EnergyLink, 'models' | 'model'>, rows: readonly ModelRow[], dataset: string) {
  if (link.models.length > 0) return link.models;
  const fit = fitting(rows, dataset).map(({ name }) => name);
  const told = story.flatMap((id) => fit.find((name) => methodName(name) === id) ?? []);
  const usual = told.length > 0 ? told : fit.slice(0, mostAtFirst);
  return link.model === '' || usual.includes(link.model) ? usual : [link.model, ...usual].slice(0, mostAtFirst);
}

/** The radius of the ball: as asked, else the customary one of the images. */
export const radiusOf = (link: Pick<EnergyLink, 'eps' | 'norm'>, { budgets }: Pick<DatasetDetails, 'budgets'>) =>
  link.eps > 0 ? link.eps : budgets[normOf(link)];

/** The largest offset: as asked, else three times the radius; all of a toy. */
export const rangeOf = (link: Pick<EnergyLink, 'range' | 'eps' | 'norm'>, details: DatasetDetails): number =>
  link.range > 0 ? link.range : isToy(details) ? 0.5 : 3 * radiusOf(link, details);

export type PlaneQuestion = Omit<InputOf<Api['surface.plane']>, 'model'>;

/** The middle of the plane: an image of the dataset, one that was handed over, or the middle of a toy's square. */
export function planeQuestion(
  link: EnergyLink,
  details: DatasetDetails,
  handed?: Pick<CarriedImage, 'pixels' | 'label'>,
): PlaneQuestion {
  const toy = isToy(details);
  const subject: Subject = toy
    ? { pixels: Float32Array.of(0.5, 0.5), label: Math.min(link.label, details.classes.length - 1) }
    : handed
      ? { pixels: handed.pixels, label: handed.label, dataset: details.id }
      : { dataset: details.id, side: sideOf(link), index: link.index };
  return {
    subject,
    norm: normOf(link),
    eps: radiusOf(link, details),
    range: rangeOf(link, details),
    directions: toy ? 'axes' : link.directions === 'adversarial' ? 'adversarial' : 'random',
    seed: link.seed,
    resolution: link.points,
  };
}

/** Energies as a panel draws them: a model's own offset means nothing, so its mean clean energy is subtracted. */
export function planeOf(
  level: {
    readonly resolution: number;
    readonly offsets: Float32Array;
    readonly joint: Float32Array;
    readonly marginal: Float32Array;
    readonly offset?: { readonly joint: number; readonly marginal: number };
  },
  energy: EnergyName,
): EnergyPlane {
  const offset = level.offset?.[energy] ?? 0;
  return {
    n: level.resolution,
    grid: level[energy].map((value) => value - offset),
    extent: level.offsets.at(-1) ?? 1,
  };
}

/** Norm and unit of the offsets. */
export const unitOf = (norm: string, toy: boolean): string => (toy ? 'square of side 1' : `${norm}, pixels in [0,1]`);

/** 0.3 as it is, 8/255 as that. */
export function offsetText(value: number): string {
  const short = Number(value.toPrecision(3));
  return Math.abs(short - value) < 1e-9 ? String(short) : distance(value);
}
