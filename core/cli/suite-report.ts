/** A suite as one HTML page: the numbers, the figures of each section, the findings, and how to repeat it. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type ReportSection, renderReport } from '../figures/report';
import type { Judged } from '../models/judged';
import { radius } from './evaluate-report';
import { type ClassRow } from '../metrics/per-class';
import { readSections } from './suite-card';
import { type SectionId, type Sections, type SuitePlan, sectionsOf } from './suite-sections';

export interface Reported {
  readonly plan: SuitePlan;
  readonly judged: Judged;
  readonly sections: Sections;
  readonly classes: readonly ClassRow[];
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** The begin of the names of a section's figures. */
const figures: Readonly<Record<SectionId, string>> = {
  robustness: 'robustness-',
  curve: 'curve',
  calibration: 'reliability',
  energies: 'energies',
  ood: 'ood',
  distances: 'distances',
  flatness: 'surface',
  generation: 'samples',
};

export async function suiteReport(folder: string, reported: Reported): Promise<string> {
  const { plan, judged, sections, classes, command, versions } = reported;
  const read = readSections(sections);
  const { robust } = judged;
  const drawn = (await readdir(folder)).filter((name) => name.endsWith('.svg')).sort();
  const parts = await Promise.all(
    sectionsOf(plan.suite).map(async ({ id, title }): Promise<ReportSection> => ({
      title,
      ...told(id, read, classes),
      figures: await Promise.all([
        ...(id === 'generation' ? await samplesOf(folder) : []),
        ...drawn
          .filter((name) => name.startsWith(figures[id]))
          .map(async (name) => ({ svg: await readFile(path.join(folder, name), 'utf8'), caption: '' })),
      ]),
    })),
  );
  const flat = Object.values(read.flatness.flatness)[0];
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
    sections: parts,
    configuration: { ...plan },
    commands: [command],
    provenance: { model: judged.model, weights: judged.weights.slice(0, 16), engine: judged.engine, ...versions },
  });
}

/** What a section says in words and as a table. */
function told(
  id: SectionId,
  read: ReturnType<typeof readSections>,
  classes: readonly ClassRow[],
): Pick<ReportSection, 'text' | 'table'> {
  switch (id) {
    case 'robustness': {
      const { flags, radii } = read.robustness;
      const after = radii.flatMap(({ norm, eps, attacks }) =>
        attacks.map((attack) => `${attack.id} at ${norm} ${radius(eps)}: ${share(attack.robust)}`),
      );
      return {
        text: [
          `Right after each attack, of all images: ${after.join('; ')}.`,
          ...flags.map(({ sentence }) => sentence),
        ].join(' '),
        table: {
          columns: ['class', 'images', 'clean', 'robust'],
          rows: classes.map(({ name, images, clean, robust }) => [name, images, share(clean), share(robust)]),
        },
      };
    }
    case 'curve':
      return {
        table: {
          columns: ['eps', ...read.curve.attacks.map(({ title }) => title)],
          rows: read.curve.eps.map((eps, i) => [
            radius(eps),
            ...read.curve.attacks.map(({ accuracy }) => share(accuracy[i] ?? null)),
          ]),
        },
      };
    case 'calibration': {
      const { accuracy, confidence, brier, nll, ece15, scaling } = read.calibration;
      const scaled = scaling
        ? ` Temperature ${scaling.temperature.toPrecision(3)}, found on one half of the images, leaves ${share(scaling.after.ece15)} on the other.`
        : '';
      return {
        text: `Mean confidence ${share(confidence)} at an accuracy of ${share(accuracy)}; ECE ${share(ece15)}, Brier score ${brier.toFixed(4)}, negative log-likelihood ${nll.toFixed(4)}.${scaled}`,
      };
    }
    case 'energies':
      return {
        text: read.energies.facts.map(({ sentence, verdict }) => `${sentence} (${verdict})`).join(' '),
        table: {
          columns: ['attack', 'right', 'change of E(x), nats', 'change of E(x,y), nats'],
          rows: read.energies.attacks.map(({ id: attack, robust, marginal, joint }) => [
            attack,
            share(robust),
            Number(marginal.change.toFixed(3)),
            Number(joint.change.toFixed(3)),
          ]),
        },
      };
    case 'ood':
      return {
        table: {
          columns: ['against', 'AUROC, max p', 'AUROC, -E(x)', 'AUROC, -||grad E(x)||', 'FPR at 95 % TPR, -E(x)'],
          rows: read.ood.against.map(({ against, scores }) => [
            against,
            ...[scores['max-p'].auroc, scores.energy.auroc, scores.gradient.auroc].map((value) =>
              Number(value.toFixed(4)),
            ),
            share(scores.energy.fprAt95),
          ]),
        },
      };
    case 'distances':
      return {
        text: (read.distances?.results ?? [])
          .map(({ attack, norm, median, images }) =>
            median === null
              ? `${attack} finds nothing for half of ${images} images.`
              : `Half of ${images} images fall to a perturbation of ${median.toPrecision(3)} in ${norm} (${attack}).`,
          )
          .join(' '),
      };
    case 'generation': {
      const { generation } = read;
      if (!generation?.features || !generation.titles) return { text: generation?.skipped ?? '' };
      const { features, titles, score, frechet, manifolds, cautions } = generation;
      return {
        text: [`Samples from uniform noise, by the features of ${features.name}.`, ...cautions].join(' '),
        table: {
          columns: ['measure', 'value'],
          rows: [
            ...(score ? [[titles.score, `${score.mean.toPrecision(5)} ± ${score.std.toFixed(3)}`]] : []),
            ...frechet.map(({ images, value }) => [`${titles.frechet}, ${images} images`, value.toPrecision(5)]),
            ...(manifolds
              ? (['precision', 'recall', 'density', 'coverage'] as const).map((name) => [
                  name,
                  manifolds[name].toFixed(4),
                ])
              : []),
          ],
        },
      };
    }
    case 'flatness': {
      const [flat] = Object.values(read.flatness.flatness);
      return {
        text: flat
          ? `The largest rise of E(x,y) in the ball is ${flat.maxOverGap.toFixed(3)} of the gap between wrong and right labels; its gradient has a norm of ${flat.gradientNorm.toPrecision(3)}.`
          : '',
      };
    }
  }
}

const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);

/** The grid of samples, where some were made. */
async function samplesOf(folder: string) {
  const png = await readFile(path.join(folder, 'samples.png')).catch(() => undefined);
  return png ? [{ png, caption: 'Samples from uniform noise, in class order.' }] : [];
}
