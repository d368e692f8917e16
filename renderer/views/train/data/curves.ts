/** From logs to the curves of each chart: one run shows its terms together; several runs are laid over each other, a chart for each term. */
import { coloursFor } from '../../../../core/figures/theme';
import type { Curve, Range } from '../../../plots/chart/curve';
import { words } from '../../../lib/format';
import { type ChartPlan, chartPlans, type Term } from './charts';
import type { Axis } from './log-table';
import type { RunLog } from './run-log';

export interface ShownRun {
  readonly run: string;
  readonly label: string;
  readonly objective: string;
  readonly log: RunLog;
}
export interface Chart extends ChartPlan {
  readonly curves: readonly Curve[];
}

/** Of the runs of one colour, and of validation beside training. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 3], [4, 2, 1, 2]];

export function chartsOf(runs: readonly ShownRun[], axis: Axis, theme: 'light' | 'dark'): Chart[] {
  const plans = withOthers(chartPlans(runs.map(({ objective }) => objective)), runs);
  const [only, ...more] = runs;
  if (only && more.length === 0)
    return plans.flatMap((plan) => {
      const colours = termColours(plan.terms, theme);
      const curves = plan.terms.flatMap((term, i) =>
        curve(only, term, axis, term.label, colours[i] ?? '', term.dash ?? []),
      );
      return curves.length > 0 ? [{ ...plan, curves }] : [];
    });
  const looks = runLooks(runs, theme);
  return plans.flatMap((plan) =>
    plan.terms.flatMap((term) => {
      const curves = runs.flatMap((run, i) =>
        curve(run, term, axis, run.label, looks[i]?.colour ?? '', looks[i]?.dash ?? []),
      );
      const title = plan.terms.length > 1 ? (term.title ?? term.label) : plan.title;
      return curves.length > 0 ? [{ ...plan, id: `${plan.id}/${term.name}`, title, terms: [term], curves }] : [];
    }),
  );
}

/** A colour for each method, wherever it appears; dashes tell runs of one method apart. */
export function runLooks(
  runs: readonly Pick<ShownRun, 'objective'>[],
  theme: 'light' | 'dark',
): { colour: string; dash: readonly number[] }[] {
  const objectives = [...new Set(runs.map(({ objective }) => objective))];
  const colours = coloursFor(objectives, theme);
  const seen = new Map<string, number>();
  return runs.map(({ objective }) => {
    const nth = seen.get(objective) ?? 0;
    seen.set(objective, nth + 1);
    return { colour: colours[objectives.indexOf(objective)] ?? '', dash: dashes[nth % dashes.length] ?? [] };
  });
}

/** What is said of the same kind of image has one colour, in training and in validation. */
function termColours(terms: readonly Term[], theme: 'light' | 'dark'): string[] {
  const kinds = terms.map(({ name }) => name.split('.').at(-1) ?? name);
  const distinct = [...new Set(kinds)];
  const colours = coloursFor(distinct, theme);
  return kinds.map((kind) => colours[distinct.indexOf(kind)] ?? '');
}

function curve(
  { run, log }: ShownRun,
  { name, part }: Term,
  axis: Axis,
  label: string,
  colour: string,
  dash: readonly number[],
): Curve[] {
  const table = log[part];
  const found = table.along(axis, name);
  if (!found) return [];
  const rare = part !== 'steps';
  return [
    {
      ...found,
      id: `${run}/${name}`,
      label,
      colour,
      dash,
      ...(rare ? { points: true } : {}),
      superseded: table.superseded.flatMap((old) => old.along(axis, name) ?? []),
    },
  ];
}

/** Quantities that no chart knows, such as those of a newer objective, get one each. */
function withOthers(plans: readonly ChartPlan[], runs: readonly ShownRun[]): readonly ChartPlan[] {
  const known = new Set(plans.flatMap(({ terms }) => terms.map(({ name }) => name)));
  const names = (part: Term['part']) =>
    [...new Set(runs.flatMap(({ log }) => [...log[part].quantities.keys()]))].filter((name) => !known.has(name));
  const others = (['steps', 'evaluations', 'samples'] as const).flatMap((part) =>
    names(part).map((name): ChartPlan => {
      const title = words(name);
      return {
        id: name,
        title,
        unit: 'value',
        format: (value) => String(Number(value.toPrecision(4))),
        terms: [{ name, part, label: title }],
      };
    }),
  );
  return [...plans, ...others];
}

/** From the first to the last point of all curves; undefined while there is none. */
export function fullRange(charts: readonly Chart[]): Range | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const { curves } of charts)
    for (const { x, superseded } of curves)
      for (const { raw, length } of [x, ...superseded.map((old) => old.x)]) {
        if (length === 0) continue;
        low = Math.min(low, raw[0] ?? Infinity);
        high = Math.max(high, raw[length - 1] ?? -Infinity);
      }
  if (!(low <= high)) return undefined;
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}
