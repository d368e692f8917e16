/** A run's log for other tools: a TensorBoard event file, a CSV table, or one JSON document. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { csvTable } from '../lib/csv';
import { readEvents, type RunEvent } from './events';
import { readManifest } from './manifest';
import { metricSeries } from './metrics';
import { tensorBoardFile, type TensorBoardPoint } from './tensorboard';

export const exportFormats = ['tensorboard', 'csv', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The exported content and the file name that its readers expect. Superseded events are left out. */
export async function exportRun(
  folder: string,
  format: ExportFormat,
): Promise<{ name: string; content: Uint8Array | string }> {
  const manifest = await readManifest(folder);
  const events = await readEvents(folder);
  const began = Date.parse(manifest.timings.created);
  switch (format) {
    case 'json':
      return { name: 'events.json', content: `${JSON.stringify({ run: manifest, events })}\n` };
    case 'csv':
      return { name: 'events.csv', content: csv(events) };
    case 'tensorboard': {
      const points = [...scalars(events), ...(await images(folder, events))];
      const name = path.join('tensorboard', `events.out.tfevents.${Math.floor(began / 1000)}.lowland`);
      return { name, content: tensorBoardFile(points, began) };
    }
  }
}

const scalars = (events: readonly RunEvent[]): TensorBoardPoint[] =>
  [...metricSeries(events)].flatMap(([name, points]) => points.map((point) => ({ tag: name, ...point })));

/** images/<tag>-<step>.png, at the time of the last event up to that step. */
async function images(folder: string, events: readonly RunEvent[]): Promise<TensorBoardPoint[]> {
  const names = await readdir(path.join(folder, 'images')).catch(() => []);
  const found = names.sort().flatMap((name) => {
    const [, tag, step] = /^(.+)-(\d+)\.png$/.exec(name) ?? [];
    return tag === undefined ? [] : [{ name, tag, step: Number(step) }];
  });
  return Promise.all(
    found.map(async ({ name, tag, step }) => ({
      tag,
      step,
      t: events.findLast((event) => event.step <= step)?.t ?? 0,
      value: new Uint8Array(await readFile(path.join(folder, 'images', name))),
    })),
  );
}

function csv(events: readonly RunEvent[]): string {
  const columns = [...new Set(['seq', 't', 'step', 'epoch', 'kind', ...events.flatMap((event) => Object.keys(event))])];
  return csvTable(
    columns,
    events.map((event) => columns.map((name) => event[name])),
  );
}
