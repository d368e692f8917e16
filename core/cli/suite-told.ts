/** What each section of a suite says, in words and as a table. */
import * as v from 'valibot';
import type { ReportSection } from '../figures/report';
import type { JsonObject } from '../lib/json';
import type { ClassRow } from '../metrics/per-class';
import { radius } from './evaluate-report';
import { sectionSchemas as schemas } from './suite-card';
import type { SectionId } from './suite-sections';

export function told(
  id: SectionId,
  found: JsonObject,
  classes: readonly ClassRow[],
): Pick<ReportSection, 'text' | 'table'> {
  switch (id) {
    case 'robustness': {
      const { flags, radii } = v.parse(schemas.robustness, found);
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
    case 'curve': {
      const { eps: radii, attacks } = v.parse(schemas.curve, found);
      return {
        table: {
          columns: ['eps', ...attacks.map(({ title }) => title)],
          rows: radii.map((eps, i) => [radius(eps), ...attacks.map(({ accuracy }) => share(accuracy[i] ?? null))]),
        },
      };
    }
    case 'calibration': {
      const { accuracy, confidence, brier, nll, ece15, scaling } = v.parse(schemas.calibration, found);
      const scaled = scaling
        ? ` Temperature ${scaling.temperature.toPrecision(3)}, found on one half of the images, leaves ${share(scaling.after.ece15)} on the other.`
        : '';
      return {
        text: `Mean confidence ${share(confidence)} at an accuracy of ${share(accuracy)}; ECE ${share(ece15)}, Brier score ${brier.toFixed(4)}, negative log-likelihood ${nll.toFixed(4)}.${scaled}`,
      };
    }
    case 'energies': {
      const { facts, attacks } = v.parse(schemas.energies, found);
      return {
        text: facts.map(({ sentence, verdict }) => `${sentence.replace(/\.$/, '')}: ${verdict}.`).join(' '),
        table: {
          columns: ['attack', 'right', 'change of E(x), nats', 'change of E(x,y), nats'],
          rows: attacks.map(({ id: attack, robust, marginal, joint }) => [
            attack,
            share(robust),
            Number(marginal.change.toFixed(3)),
            Number(joint.change.toFixed(3)),
          ]),
        },
      };
    }
    case 'ood':
      return {
        table: {
          columns: ['against', 'AUROC, max p', 'AUROC, -E(x)', 'AUROC, -||grad E(x)||', 'FPR at 95 % TPR, -E(x)'],
          rows: v
            .parse(schemas.ood, found)
            .against.map(({ against, scores }) => [
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
        text: v
          .parse(schemas.distances, found)
          .results.map(({ attack, norm, median, images }) =>
            median === null
              ? `${attack} finds nothing for half of ${images} images.`
              : `Half of ${images} images fall to a perturbation of ${median.toPrecision(3)} in ${norm} (${attack}).`,
          )
          .join(' '),
      };
    case 'generation': {
      const { skipped, features, titles, score, frechet, manifolds, cautions } = v.parse(schemas.generation, found);
      if (!features || !titles) return { text: skipped };
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
      const [flat] = Object.values(v.parse(schemas.flatness, found).flatness);
      return {
        text: flat
          ? `The largest rise of E(x,y) in the ball is ${flat.maxOverGap.toFixed(3)} of the gap between wrong and right labels; its gradient has a norm of ${flat.gradientNorm.toPrecision(3)}.`
          : '',
      };
    }
  }
}

export const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
