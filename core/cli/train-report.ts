/** The report of a training run: what it was, its curves, its images, how to repeat it. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { lineChart } from '../figures/line-chart';
import { type ReportSection, renderReport } from '../figures/report';
import { seriesColour } from '../figures/theme';
import { type Run, type RunEvent, readEvents } from '../runs/store';
import type { TrainConfiguration } from '../training/configuration';

/** Name, axis and the metrics drawn in it. */
const charts = [
  { title: 'Loss', yLabel: 'loss', metrics: ['loss', 'ce'] },
  {
    title: 'Energies at the training points',
    yLabel: 'mean E, nats',
    metrics: ['energy.clean', 'energy.noisy', 'energy.adversarial', 'energy.generated'],
  },
  { title: 'Validation accuracy', yLabel: 'accuracy', metrics: ['accuracy.clean', 'accuracy.robust'] },
  { title: 'Gradient norm', yLabel: 'global L2 norm', metrics: ['gradientNorm'] },
] as const;

/** One SVG chart for each group of metrics that the events hold, light theme. */
export function eventCharts(events: readonly RunEvent[]): { svg: string; caption: string }[] {
  const live = events.filter((event) => !event.superseded);
  return charts.flatMap(({ title, yLabel, metrics }) => {
    const series = metrics.flatMap((name) => {
      const points = live.flatMap((event) =>
        typeof event[name] === 'number' ? [[event.step, event[name]] as const] : [],
      );
      return points.length > 0 ? [{ label: name, x: points.map(([x]) => x), y: points.map(([, y]) => y) }] : [];
    });
    return series.length > 0
      ? [{ svg: lineChart({ title, xLabel: 'step', yLabel, series }, 'light'), caption: `${title} by step.` }]
      : [];
  });
}
