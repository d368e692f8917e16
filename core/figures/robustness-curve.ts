/** Accuracy of models against the radius of an attack (RobustBench's way to compare): colour is the model, dashes are the attack. */
import type { FigureSize, FigureText } from './frame';
import { lineChart } from './line-chart';
import { type ThemeName, coloursFor } from './theme';

export interface RobustnessSeries {
  readonly model: string;
  /** What trained the model: chooses the colour; by default the model. */
  readonly method?: string | undefined;
  readonly attack: string;
  /** Radii in the figure's unit; 0 is the clean point. */
  readonly eps: ArrayLike<number>;
  /** Accuracy in [0,1] at each radius. */
  readonly accuracy: ArrayLike<number>;
}

export interface RobustnessCurve extends FigureText {
  readonly series: readonly RobustnessSeries[];
  /** Norm and unit of eps: 'linf, n/255'. */
  readonly unit: string;
  /** Clean accuracy in [0,1] by model: where each curve starts. */
  readonly clean: Readonly<Record<string, number>>;
}

const dashes = [undefined, '6 4', '2 3', '8 3 2 3', '1 4'];

export const robustnessLabel = ({ model, attack }: RobustnessSeries): string => `${model}, ${attack}`;

/** (eps, accuracy) from the clean point on, by rising eps. */
export function robustnessPoints({ model, eps, accuracy }: RobustnessSeries, clean: RobustnessCurve['clean']) {
  const measured = Array.from({ length: eps.length }, (_, i) => [eps[i] ?? NaN, accuracy[i] ?? NaN] as const);
  const start = Object.hasOwn(clean, model) && !measured.some(([at]) => at === 0) ? clean[model] : undefined;
  return [...(start === undefined ? [] : [[0, start] as const]), ...measured].sort(([a], [b]) => a - b);
}

export function robustnessCurve(data: RobustnessCurve, theme: ThemeName, size: FigureSize = {}): string {
  const { series, unit, clean } = data;
  const models = [...new Map(series.map(({ model, method = model }) => [model, method]))];
  const colours = coloursFor(
    models.map(([, method]) => method),
    theme,
  );
  const attacks = [...new Set(series.map(({ attack }) => attack))];
  return lineChart(
    {
      ...data,
      xLabel: `eps (${unit})`,
      yLabel: 'accuracy',
      yDomain: [0, 1],
      series: series.map((each) => {
        const points = robustnessPoints(each, clean);
        const dashed = dashes[attacks.indexOf(each.attack) % dashes.length];
        return {
          label: robustnessLabel(each),
          x: points.map(([eps]) => eps),
          y: points.map(([, accuracy]) => accuracy),
          colour: colours[models.findIndex(([model]) => model === each.model)] ?? '',
          points: true,
          ...(dashed ? { dashed } : {}),
        };
      }),
    },
    theme,
    size,
  );
}
