/** A run's log or report as one file for other tools. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { exportRun } from '../../../runs/export';
import { readManifest } from '../../../runs/manifest';
import { parseConfiguration } from '../../../training/configuration';
import { trainingReport } from '../../train/report';

export type RunExport = 'csv' | 'json' | 'tensorboard' | 'report';

/** Name and bytes; a run that has no report yet gets one of what there is. */
export async function exportedRun(run: string, folder: string, format: RunExport) {
  if (format === 'report') return { name: `${run}.html`, bytes: await report(folder) };
  const { name, content } = await exportRun(folder, format);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { name: format === 'tensorboard' ? path.basename(name) : `${run}.${format}`, bytes };
}

async function report(folder: string): Promise<Uint8Array> {
  const manifest = await readManifest(folder);
  const written =
    manifest.status === 'done' ? await readFile(path.join(folder, 'report.html')).catch(() => null) : null;
  if (written) return new Uint8Array(written);
  const configuration = parseConfiguration(manifest.configuration, folder);
  return new TextEncoder().encode(await trainingReport({ folder, manifest }, configuration));
}
