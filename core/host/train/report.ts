/** The report of a training run: what it was, its curves, its images, how to repeat it. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Series, lineChart } from '../../figures/line-chart';
import { type ReportSection, renderReport } from '../../figures/report';
import { smoothed } from '../../figures/smooth';
import { metricSeries } from '../../runs/metrics';
import { type Run, type RunEvent, readEvents } from '../../runs/store';
import type { TrainConfiguration } from '../../training/configuration';

interface Chart {
  readonly title: string;
  readonly yLabel: string;
  readonly metrics: readonly string[];
  readonly yScale?: 'log';
  /** Drawn as a moving average over the raw values. */
  readonly smooth?: boolean;
}

const charts: readonly Chart[] = [
  { title: 'Loss', yLabel: 'loss', metrics: ['loss', 'ce'], smooth: true },
  {
    title: 'Energies at the training points',
    yLabel: 'mean E, nats',
    metrics: ['energy.clean', 'energy.noisy', 'energy.adversarial', 'energy.generated'],
  },
  { title: 'Validation accuracy', yLabel: 'accuracy', metrics: ['accuracy.clean', 'accuracy.robust'] },
  { title: 'Gradient norm', yLabel: 'global L2 norm', metrics: ['gradientNorm'], yScale: 'log' },
];

/** A moving average looks back over about this part of the whole course. */
const SPAN = 1 / 50;

/** One chart for each group of metrics that the events hold. */
function eventCharts(events: readonly RunEvent[]): { svg: string; caption: string }[] {
  const all = metricSeries(events);
  return charts.flatMap(({ metrics, smooth, ...chart }) => {
    const series = metrics.flatMap((label): Series[] => {
      const points = all.get(label) ?? [];
      if (points.length === 0) return [];
      const raw = { label, x: points.map(({ step }) => step), y: points.map(({ value }) => value) };
      return smooth
        ? [
            { ...raw, faint: true },
            { ...raw, y: smoothed(raw.y, SPAN * points.length) },
          ]
        : [raw];
    });
    if (series.length === 0) return [];
    const caption = `${chart.title} by training step${smooth ? '; a moving average over the raw values, whose extremes may lie outside' : ''}.`;
    return [{ svg: lineChart({ ...chart, xLabel: 'step', series }, 'page'), caption }];
  });
}

/** Curves and newest images of a run folder, as sections of a report. */
export async function runSections(folder: string): Promise<ReportSection[]> {
  const names = (await readdir(path.join(folder, 'images')).catch(() => [])).sort();
  const newest = ['samples', 'buffer'].flatMap((kind) => names.filter((name) => name.startsWith(`${kind}-`)).slice(-1));
  const figures = await Promise.all(
    newest.map(async (name) => ({
      png: await readFile(path.join(folder, 'images', name)),
      caption: name.startsWith('samples')
        ? 'Samples: uniform noise walked down E(x,y), one class a row.'
        : 'The replay buffer: where the chains stand.',
    })),
  );
  return [
    { title: 'Training', figures: eventCharts(await readEvents(folder)) },
    ...(figures.length > 0 ? [{ title: 'Images', figures }] : []),
  ];
}

/** report.html of a training run, as far as it went. */
export async function trainingReport(
  run: Pick<Run, 'folder' | 'manifest'>,
  configuration: TrainConfiguration,
): Promise<string> {
  const results = run.manifest.results ?? {};
  const percent = (value: unknown) => (typeof value === 'number' ? `${(100 * value).toFixed(1)} %` : 'not measured');
  return renderReport({
    title: `Training ${configuration.name}`,
    subtitle: `${configuration.objective.id} on ${configuration.dataset}, seed ${configuration.seed}`,
    facts: [
      {
        label: 'Clean accuracy',
        value: percent(results.clean),
        note: `${configuration.training.evaluationImages} validation images`,
      },
      {
        label: 'Robust accuracy',
        value: percent(results.robust),
        note: `PGD-${configuration.training.evaluationSteps}, linf ${configuration.training.evaluationEps}`,
      },
      { label: 'Steps', value: String(results.steps ?? '') },
      { label: 'Weights', value: String(results.parameters ?? '') },
      { label: 'Engine', value: run.manifest.engine },
    ],
    sections: await runSections(run.folder),
    configuration,
    commands: [
      `npx lowland sample "${run.folder}" --n 64 --out grid.png`,
      `npx lowland train --preset ${configuration.name} --seed ${configuration.seed}`,
    ],
    provenance: { run: run.manifest.name, ...run.manifest.versions },
  });
}
