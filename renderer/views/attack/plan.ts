/** A new evaluation as the form holds it, and the plans that follow from it: one for each model. */
import type { CatalogueEntry } from '../../../core/contract/areas/catalogue';
import type { Side } from '../../../core/contract/areas/common';
import type { EvaluationPlan } from '../../../core/contract/areas/evaluations';
import { type Scalar, type Schema, parseNumber } from '../../../core/lib/options';
import { distance } from '../../lib/format';
import { chosenOptions } from '../datasets/attack-options';

export interface ChosenAttack {
  /** Of this row of the form. */
  readonly key: number;
  readonly attack: string;
  readonly options: Readonly<Record<string, Scalar>>;
}
export type Norm = EvaluationPlan['norm'];

export interface EvaluationForm {
  readonly models: readonly string[];
  readonly dataset: string;
  readonly side: Side;
  readonly norm: Norm;
  /** Radii as they are written. */
  readonly radii: string;
  readonly attacks: readonly ChosenAttack[];
  readonly images: number;
  readonly batch: number;
  readonly seed: number;
}

/** Whether an attack has steps of its own for a norm; AutoAttack's attacks have for all. */
export const knows = ({ options }: Pick<CatalogueEntry, 'options'>, norm: Norm): boolean =>
  options.norm?.kind !== 'choice' || options.norm.choices.includes(norm);

/** Options that the form asks for once for all attacks, or that make no sense over a whole split. */
const common = ['norm', 'eps', 'targeted'];
export const optionsOf = (schema: Schema): string[] => Object.keys(schema).filter((name) => !common.includes(name));

/** Radii that are written '2/255, 4/255, 0.1'; or why they cannot be read. */
export function readRadii(text: string): { readonly radii: readonly number[]; readonly problem?: string } {
  const parts = text
    .split(/[,;\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const bad = parts.find((part) => !(parseNumber(part) >= 0 && parseNumber(part) <= 1000));
  if (bad !== undefined) return { radii: [], problem: `'${bad}' is no radius; write 8/255 or 0.03.` };
  if (parts.length === 0) return { radii: [], problem: 'Write at least one radius, as 8/255.' };
  if (parts.length > 16) return { radii: [], problem: `${parts.length} radii are written; at most 16 are measured.` };
  return { radii: parts.map(parseNumber) };
}

/** Radii to choose from: the customary one of the images alone, and round it. */
export function radiusPresets(customary: number): { readonly label: string; readonly value: string }[] {
  const written = (radii: readonly number[]) => radii.map((eps) => distance(Number(eps.toPrecision(12)))).join(', ');
  return [
    { label: 'Customary', value: written([customary]) },
    { label: 'A curve', value: written([customary / 4, customary / 2, customary, 2 * customary]) },
    { label: 'Up to failure', value: written([0.25, 0.5, 1, 1.5, 2, 3, 4].map((times) => times * customary)) },
  ];
}

export const plansOf = (form: EvaluationForm, attacks: readonly CatalogueEntry[]): EvaluationPlan[] => {
  const { models, radii, dataset, side, norm, images, batch, seed } = form;
  return models.map((model) => ({
    model,
    dataset,
    side,
    norm,
    images,
    batch,
    seed,
    eps: [...readRadii(radii).radii],
    attacks: form.attacks.map(({ attack, options }) => ({
      attack,
      options: chosenOptions(attacks.find(({ id }) => id === attack)?.options ?? {}, options),
    })),
  }));
};

/** Cells of each model: the clean one, and each attack at each radius. */
export const cellCount = ({ radii, attacks }: Pick<EvaluationForm, 'radii' | 'attacks'>): number =>
  1 + attacks.length * new Set(readRadii(radii).radii.filter((eps) => eps > 0)).size;
