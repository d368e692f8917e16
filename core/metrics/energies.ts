/** Energies of clean, adversarial and generated images as data for figures: histograms on shared bins, arrows in the E(x,y)-E(x) plane. */
import type { PointValues } from './robustness';

export interface Histogram {
  /** Bin edges [bins + 1], in nats. */
  readonly edges: number[];
  /** Counts [bins] of each named group. */
  readonly counts: Readonly<Record<string, number[]>>;
}

/** Counts of each group on bins that cover all of them; the last bin holds its upper edge. Values that are not finite are left out. */
export function histogram(groups: Readonly<Record<string, ArrayLike<number>>>, bins = 60): Histogram {
  const finite = Object.entries(groups).map(
    ([name, values]) => [name, Array.from(values).filter(Number.isFinite)] as const,
  );
  const all = finite.flatMap(([, values]) => values);
  const low = all.reduce((least, value) => Math.min(least, value), all[0] ?? 0);
  const high = all.reduce((most, value) => Math.max(most, value), all[0] ?? 1);
  const width = (high - low) / bins || 1 / bins;
  const counts = finite.map(([name, values]) => {
    const count = new Array<number>(bins).fill(0);
    for (const value of values) {
      const bin = Math.min(bins - 1, Math.floor((value - low) / width));
      count[bin] = (count[bin] ?? 0) + 1;
    }
    return [name, count];
  });
  return { edges: Array.from({ length: bins + 1 }, (_, i) => low + i * width), counts: Object.fromEntries(counts) };
}

/** From an image's clean energies to its adversarial ones; the distance to the diagonal E(x,y) = E(x) is CE. */
export interface EnergyArrow {
  readonly from: { readonly joint: number; readonly marginal: number };
  readonly to: { readonly joint: number; readonly marginal: number };
}

/** One arrow for each image. */
export const energyArrows = (clean: PointValues, adversarial: PointValues): EnergyArrow[] =>
  clean.joint.map((joint, i) => ({
    from: { joint, marginal: clean.marginal[i] ?? NaN },
    to: { joint: adversarial.joint[i] ?? NaN, marginal: adversarial.marginal[i] ?? NaN },
  }));
