/** What an attack does to the energies of images: changes of E(x) and E(x,y) with their uncertainty, and histograms before and after. */
import { AppError } from '../lib/errors';
import { type Histogram, histogram } from './energies';
import type { PointValues, RobustnessResult } from './robustness';

/** Of one energy over the images, in nats. */
export interface EnergyChange {
  /** Means over the clean and over the attacked images. */
  readonly clean: number;
  readonly adversarial: number;
  /** Mean of attacked - clean, and its standard error over the images. */
  readonly change: number;
  readonly standardError: number;
  /** Standard deviation over the clean images: the scale of this model's energies, which have no unit that models share. */
  readonly spread: number;
  readonly histogram: Histogram;
}

export interface EnergyChanges {
  readonly images: number;
  readonly clean: number;
  readonly robust: number;
  /** Mean of E(x) - E(x~), the delta E of WEAT (Mirza et al. 2024). */
  readonly deltaEnergy: number;
  /** Of E(x), and of E(x,y) at the true label. */
  readonly marginal: EnergyChange;
  readonly joint: EnergyChange;
}

/** @throws AppError BAD_DATA for no image, or an energy that is not finite. */
export function energyChanges({ images, clean, robust, perImage }: RobustnessResult, bins = 60): EnergyChanges {
  const of = (name: 'marginal' | 'joint') => energyChange(perImage.clean[name], perImage.adversarial[name], bins);
  const marginal = of('marginal');
  return { images, clean, robust, deltaEnergy: -marginal.change, marginal, joint: of('joint') };
}

function energyChange(clean: PointValues['marginal'], adversarial: readonly number[], bins: number): EnergyChange {
  if (clean.length === 0) throw new AppError('BAD_DATA', 'There is no image to measure.', 'Choose another split.');
  const bad = clean.findIndex((value, i) => !(Number.isFinite(value) && Number.isFinite(adversarial[i])));
  if (bad >= 0)
    throw new AppError(
      'BAD_DATA',
      `The energy of image ${bad} is ${clean[bad]}, and ${adversarial[bad]} attacked; both must be finite.`,
      'The network is damaged.',
    );
  const changes = clean.map((value, i) => (adversarial[i] ?? NaN) - value);
  return {
    clean: mean(clean),
    adversarial: mean(adversarial),
    change: mean(changes),
    standardError: deviation(changes) / Math.sqrt(changes.length),
    spread: deviation(clean),
    histogram: histogram({ clean, adversarial }, bins),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** With n - 1; 0 for a single value. */
function deviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}
