/** What `lowland attack --out` leaves: the arrows of energies, their histograms, and a table of every image. */
import { histogramFigure } from '../figures/histogram';
import { quiver } from '../figures/quiver';
import { writeAtomic } from '../lib/atomic';
import { csvTable } from '../lib/csv';
import { energyArrows } from '../metrics/energies';
import type { RobustnessResult } from '../metrics/robustness';
import { provenanceOf } from './provenance';

/** Arrows that a figure can hold. */
const ARROWS = 300;
const histograms = [
  { name: 'marginal', xLabel: 'E(x), nats' },
  { name: 'joint', xLabel: 'E(x,y), nats' },
] as const;

/**
 * The arrows from clean to attacked energies as `out`; histograms of E(x) and E(x,y) and a table of them beside it. Gives back the
 * files. `labels` names the class of each image.
 */
export async function writeAttackFigures(
  out: string,
  { perImage }: RobustnessResult,
  labels: readonly string[],
  about: object,
): Promise<string[]> {
  const { clean, adversarial } = perImage;
  const provenance = provenanceOf(about);
  const base = out.replace(/\.svg$/i, '');
  const arrows = energyArrows(clean, adversarial).slice(0, ARROWS);
  const files: readonly (readonly [string, string])[] = [
    [`${base}.svg`, quiver({ title: 'Energies under attack', arrows, provenance }, 'light')],
    ...histograms.map(({ name, xLabel }) => {
      const series = [
        { label: 'clean', values: clean[name] },
        { label: 'adversarial', values: adversarial[name] },
      ];
      const title = xLabel.replace(', nats', '');
      return [`${base}-${name}.svg`, histogramFigure({ title, xLabel, series, provenance }, 'light')] as const;
    }),
    [`${base}.csv`, energyTable(perImage, labels)],
  ];
  for (const [file, content] of files) await writeAtomic(file, content);
  return files.map(([file]) => file);
}

/** A row for each image: its place in the split, its class, E(x) and E(x,y) clean and attacked, in nats. */
function energyTable({ clean, adversarial }: RobustnessResult['perImage'], labels: readonly string[]): string {
  return csvTable(
    ['image', 'label', 'marginalClean', 'jointClean', 'marginalAdversarial', 'jointAdversarial'],
    labels.map((label, i) => [
      i,
      label,
      clean.marginal[i],
      clean.joint[i],
      adversarial.marginal[i],
      adversarial.joint[i],
    ]),
  );
}
