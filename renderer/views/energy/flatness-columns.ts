/** The measures of flatness as columns of a table and of a CSV file. */
import type { FlatnessSoFar } from '../../../core/contract/areas/surface';
import type { Column } from '../../components/table';
import { real } from '../../lib/format';
import type { FlatnessRow } from './flatness.svelte';

type Flatness = FlatnessSoFar['flatness'];

interface Measure {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly help: string;
  readonly of: (flatness: Flatness) => number;
  readonly highFirst?: boolean;
}

export const measures: readonly Measure[] = [
  {
    id: 'attacked',
    title: 'Rise, attacked',
    unit: 'nats',
    help: 'E(x+d,y) − E(x,y) where PGD on E(x,y) ends in the ball; mean over images.',
    of: ({ attacked }) => attacked.mean,
  },
  {
    id: 'random',
    title: 'Rise, random',
    unit: 'nats',
    help: 'The same at random points of the ball.',
    of: ({ random }) => random.mean,
  },
  {
    id: 'maxOverGap',
    title: 'Max/gap',
    unit: '1',
    help: 'The largest rise seen round an image, over the mean gap between wrong and right labels: comparable between models.',
    of: ({ maxOverGap }) => maxOverGap,
  },
  {
    id: 'gradientNorm',
    title: 'Gradient',
    unit: 'nats per L2',
    help: 'L2 norm of the gradient of E(x,y) in x.',
    of: ({ gradientNorm }) => gradientNorm,
  },
  {
    id: 'traceJoint',
    title: 'Trace E(x,y)',
    unit: 'nats',
    help: 'Trace of the Hessian of E(x,y) in x, by random signs. 0 for nets of straight pieces where they are differentiated twice.',
    of: ({ traceJoint }) => traceJoint,
  },
  {
    id: 'traceMarginal',
    title: 'Trace E(x)',
    unit: 'nats',
    help: 'Trace of the Hessian of E(x) in x.',
    of: ({ traceMarginal }) => traceMarginal,
  },
  {
    id: 'basin',
    title: 'Basin',
    unit: 'L2',
    help: 'How far along a random direction E(x,y) first rises by 1 nat.',
    of: ({ basinRadius }) => basinRadius,
    highFirst: true,
  },
];

export const flatnessColumns: readonly Column<FlatnessRow>[] = measures.map(({ id, title, help, of, highFirst }) => ({
  id,
  title,
  help,
  numeric: true,
  value: ({ flatness }) => of(flatness),
  text: ({ flatness }) => real(of(flatness), 3),
  ...(highFirst ? { highFirst } : {}),
}));

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The table with units in its header. */
export function flatnessCsv(rows: readonly FlatnessRow[]): string {
  const header = ['model', 'images', ...measures.map(({ title, unit }) => `${title.toLowerCase()} (${unit})`)];
  const lines = rows.map(({ model, flatness }) => [
    model,
    String(flatness.images),
    ...measures.map(({ of }) => (Number.isFinite(of(flatness)) ? String(of(flatness)) : '')),
  ]);
  return [header, ...lines].map((line) => `${line.map(quoted).join(',')}\n`).join('');
}
