/** A suite as one HTML page: the numbers, the figures of each section, the findings, and how to repeat it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ReportSection, renderReport } from '../figures/report';
import type { PageSection, SuitePage } from '../host/library/suites/page';
import type { Judged } from '../models/judged';
import { radius } from './evaluate-report';
import { flatnessOf } from './suite-card';
import type { Sections, SuitePlan } from './suite-sections';
import { share } from './suite-told';

export interface Reported {
  readonly plan: SuitePlan;
  readonly judged: Judged;
  readonly measured: Sections;
  readonly page: Pick<SuitePage, 'sections' | 'command'>;
  readonly versions: Readonly<Record<string, string>>;
}

export async function suiteReport(folder: string, reported: Reported): Promise<string> {
  const { plan, judged, measured, page, versions } = reported;
  const { robust } = judged;
  const flat = flatnessOf(measured);
  return renderReport({
    title: judged.model,
    subtitle: `Suite ${plan.suite} on ${judged.images} ${judged.split} images of ${judged.dataset}, seed ${judged.seed}`,
    facts: [
      { label: 'Clean accuracy', value: share(judged.clean), note: `${judged.images} images` },
      {
        label: 'Robust accuracy',
        value: share(robust.accuracy),
        note: `${robust.by}, ${robust.norm} ${radius(robust.eps)}`,
      },
      { label: 'Calibration error', value: share(judged.ece), note: 'ECE, 15 bins' },
      { label: 'AUROC of -E(x)', value: (judged.auroc ?? NaN).toFixed(3), note: 'mean over noise, mixtures, colours' },
      ...(flat
        ? [
            {
              label: 'Rise of E(x,y)',
              value: flat.maxOverGap.toFixed(3),
              note: 'largest in the ball, of the gap between labels',
            },
          ]
        : []),
    ],
    sections: await Promise.all(page.sections.map((section) => drawn(folder, section))),
    configuration: { ...plan },
    commands: [page.command],
    provenance: { model: judged.model, weights: judged.weights.slice(0, 16), engine: judged.engine, ...versions },
  });
}

async function drawn(folder: string, { title, text, table, figures }: PageSection): Promise<ReportSection> {
  const read = async (name: string) => {
    const bytes = await readFile(path.join(folder, name));
    return name.endsWith('.png')
      ? { png: bytes, caption: 'Samples from uniform noise, in class order.' }
      : { svg: bytes.toString('utf8'), caption: '' };
  };
  return {
    title,
    ...(text ? { text } : {}),
    ...(table ? { table } : {}),
    figures: await Promise.all(figures.map(read)),
  };
}
