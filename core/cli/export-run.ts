/** The work of `lowland export`. */
import { exportFigure } from '../figures/export';
import { type LineChart, lineChart } from '../figures/line-chart';
import type { Provenance } from '../figures/png-text';
import { writeAtomic } from '../lib/atomic';
import { csvTable } from '../lib/csv';
import { unknownName } from '../lib/nearest';
import { encodeNpzWeights } from '../models/checkpoints/npz-weights';
import { locateModel } from '../models/library';
import { encodeOnnx } from '../models/onnx/encode';
import { decodeSafetensors } from '../models/safetensors';
import { describedModel, isUnused, readWeightsFile } from '../models/weights';
import { readEvents } from '../runs/events';
import { findRun } from '../runs/library';
import { readManifest } from '../runs/manifest';
import { type MetricPoint, metricSeries } from '../runs/metrics';
import type { ExportEnding, ExportFlags } from './export';

const formats = { '.svg': 'svg', '.png': 'png', '.pdf': 'pdf' } as const;

/** Writes `file` and says what it now holds. @throws AppError for an unknown source or metric, with the nearest. */
export async function exportTo(
  source: string,
  ending: ExportEnding,
  file: string,
  { metrics, theme, scale }: ExportFlags,
  dataFolder: string,
): Promise<string> {
  if (ending === '.safetensors' || ending === '.npz' || ending === '.onnx') {
    const encode = { '.safetensors': asStored, '.npz': asNpz, '.onnx': asOnnx }[ending];
    const stored = await locateModel(source, dataFolder);
    await writeAtomic(file, encode(await readWeightsFile(stored.file), stored.file));
    return 'the weights';
  }
  const folder = await findRun(source, dataFolder);
  const series = chosen(metricSeries(await readEvents(folder)), metrics);
  if (ending === '.csv') {
    await writeAtomic(file, metricTable(series));
    return metrics;
  }
  const provenance = await provenanceOf(folder);
  const svg = lineChart(chart(series, provenance), theme);
  await writeAtomic(file, await exportFigure(svg, { format: formats[ending], scale, provenance }));
  return `a chart of ${metrics}`;
}

type Encode = (bytes: Uint8Array, file: string) => Uint8Array;

/** The file as it is, once it has been read as a model's. */
const asStored: Encode = (bytes, file) => {
  decodeSafetensors(bytes, file, isUnused);
  return bytes;
};
const asNpz: Encode = (bytes, file) => encodeNpzWeights(decodeSafetensors(bytes, file, isUnused).tensors);
const asOnnx: Encode = (bytes, file) => {
  const { tensors, metadata } = decodeSafetensors(bytes, file, isUnused);
  return encodeOnnx(describedModel(metadata, file), tensors, metadata);
};

type NamedSeries = readonly (readonly [string, readonly MetricPoint[]])[];

function chosen(series: ReadonlyMap<string, readonly MetricPoint[]>, metrics: string): NamedSeries {
  return metrics.split(',').map((metric) => {
    const name = metric.trim();
    const points = series.get(name);
    if (!points) throw unknownName('metric of this run', name, [...series.keys()]);
    return [name, points] as const;
  });
}

/** A row for each step at which one of the metrics was measured. */
function metricTable(series: NamedSeries): string {
  const steps = [...new Set(series.flatMap(([, points]) => points.map(({ step }) => step)))].sort((a, b) => a - b);
  const columns = series.map(([, points]) => new Map(points.map(({ step, value }) => [step, value])));
  return csvTable(
    ['step', ...series.map(([name]) => name)],
    steps.map((step) => [step, ...columns.map((column) => column.get(step))]),
  );
}

async function provenanceOf(folder: string): Promise<Provenance> {
  const { name, seed, engine, versions } = await readManifest(folder);
  return { run: name, seed: String(seed), engine, lowland: versions.lowland ?? '' };
}

function chart(series: NamedSeries, provenance: Provenance): LineChart {
  const names = series.map(([metric]) => metric);
  return {
    title: provenance.run ?? '',
    xLabel: 'step',
    yLabel: unitOf(names),
    series: series.map(([label, points]) => ({
      label,
      x: points.map(({ step }) => step),
      y: points.map(({ value }) => value),
    })),
    provenance,
  };
}

/** What the axis measures, where all the metrics measure the same. */
function unitOf(metrics: readonly string[]): string {
  const all = (pattern: RegExp): boolean => metrics.every((name) => pattern.test(name));
  if (all(/energy|^joint|\.joint/i)) return 'energy, nats';
  if (all(/accuracy/)) return 'accuracy';
  return metrics.length === 1 ? (metrics[0] ?? '') : 'value';
}
