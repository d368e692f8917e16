/** The demo's report: what was trained, what it generates, what the energies look like, how to go on. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ReportSection, renderReport } from '../figures/report';
import type { Run } from '../runs/store';
import type { TrainConfiguration } from '../training/configuration';
import { runSections } from '../host/train/report';

interface Looked {
  readonly clean: number;
  readonly robust: number;
  readonly figures: readonly string[];
}

const captions: Readonly<Record<string, string>> = {
  energy:
    'E(x,y) round one real image on two random directions, each model’s mean clean energy subtracted. Dark is low; the star is the image. Adversarial training and JEAT make the energy flat there.',
  descent: 'The same uniform noise walked down the energies of three nets: texture, texture, objects.',
};

export async function demoReport(
  run: Run,
  configuration: TrainConfiguration,
  { clean, robust, figures }: Looked,
  seconds: number,
): Promise<string> {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const drawn = await Promise.all(
    figures
      .filter((name) => name.endsWith('.svg'))
      .map(async (name) => ({
        svg: await readFile(path.join(run.folder, name), 'utf8'),
        caption: captions[path.basename(name, '.svg')] ?? '',
      })),
  );
  const samples = {
    png: await readFile(path.join(run.folder, 'images', 'samples.png')),
    caption: '64 samples in class order, from uniform noise, by the net trained just now.',
  };
  const pretrained: ReportSection[] =
    drawn.length > 0
      ? [
          {
            title: 'Pretrained nets',
            text: 'The nets in the package: same architecture, same number of steps, other objectives.',
            figures: drawn,
          },
        ]
      : [];
  return renderReport({
    title: 'Lowland demo',
    subtitle: `A small JEAT classifier on ${configuration.dataset}, seed ${configuration.seed}`,
    facts: [
      { label: 'Clean accuracy', value: percent(clean), note: '500 test images' },
      {
        label: 'Robust accuracy',
        value: percent(robust),
        note: `PGD-20, linf ${configuration.training.evaluationEps}`,
      },
      { label: 'Time', value: `${Math.round(seconds)} s`, note: run.manifest.engine },
    ],
    sections: [{ title: 'Generated', figures: [samples] }, ...pretrained, ...(await runSections(run.folder))],
    configuration: run.manifest.configuration,
    commands: [
      'npx lowland train --preset fashion-mini/jeat',
      'npx lowland sample jeat --n 64 --out grid.png',
      'npx lowland surface --models natural,at,prejeat,jeat --data fashion-mnist-mini --image 7 --out energy.svg',
    ],
    provenance: { run: run.manifest.name, ...run.manifest.versions },
  });
}
