/** More made-up data: what the energy, attack and dataset views draw besides. */
import type { AttackMatrix } from './attack-matrix';
import type { ClassHistogram } from './class-histogram';
import type { Filmstrip } from './filmstrip';
import type { Reliability } from './reliability';
import type { RobustnessCurve } from './robustness-curve';
import { joined, picture, provenance, sampleContours, shape } from './samples';
import type { Surface3d } from './surface-3d';

export function sampleSurface(): Surface3d {
  const { panels, ...rest } = sampleContours();
  return { ...rest, panels: panels.filter((_, i) => i % 3 === 0), azimuth: -60, elevation: 32 };
}

const models = [
  { title: 'Natural', clean: 0.95, fall: 1.1 },
  { title: 'PGD-AT', clean: 0.85, fall: 9 },
  { title: 'JEAT', clean: 0.84, fall: 12 },
];
const attacks = [
  { attack: 'PGD-20', worth: 1 },
  { attack: 'AutoAttack', worth: 1.12 },
];

export function sampleRobustness(): RobustnessCurve {
  const eps = [1, 2, 4, 6, 8, 12, 16];
  return {
    title: 'Accuracy against the radius of an attack',
    unit: 'linf, n/255',
    clean: Object.fromEntries(models.map(({ title, clean }) => [title, clean])),
    series: models.flatMap(({ title, clean, fall }) =>
      attacks.map(({ attack, worth }) => ({
        model: title,
        attack,
        eps,
        accuracy: eps.map((e) => clean * Math.exp(-Math.pow((e * worth) / fall, 1.3))),
      })),
    ),
    provenance,
  };
}

export const sampleMatrix = (): AttackMatrix => ({
  title: 'What stands under each attack',
  subtitle: 'Accuracy in per cent, 1 000 test images',
  models: models.map(({ title }) => ({ title })),
  attacks: [
    { title: 'clean' },
    { title: 'FGSM', detail: '8/255' },
    { title: 'PGD-20', detail: '8/255' },
    { title: 'CW', detail: '8/255, 50 steps' },
    { title: 'AutoAttack', detail: '8/255' },
  ],
  accuracy: [0.951, 0.241, 0.003, 0, 0, 0.846, 0.583, 0.514, 0.497, 0.471, 0.839, 0.601, 0.548, 0.523, NaN],
  provenance,
});

export const sampleReliability = (): Reliability => {
  const counts = [0, 0, 3, 9, 21, 40, 62, 104, 230, 1531];
  const panel = (title: string, trust: number) => ({
    title,
    bins: counts.map((count, b) => {
      const confidence = (b + 0.5) / 10;
      const accuracy = confidence * trust;
      return {
        from: b / 10,
        to: (b + 1) / 10,
        count,
        ...(count > 0 ? { accuracy, confidence } : { accuracy: NaN, confidence: NaN }),
      };
    }),
  });
  return {
    title: 'Confidence and accuracy',
    subtitle: '2 000 test images',
    panels: [panel('as trained', 0.86), panel('at temperature 1.7', 0.985)],
    provenance,
  };
};

export const sampleFilm = (): Filmstrip => {
  const steps = [0, 2, 5, 10, 15, 20, 30, 40, 50, 60];
  return {
    title: 'One chain from noise to a ring',
    images: joined(steps.map((step) => picture(2, step / 60))),
    shape,
    steps,
    energies: steps.map((step) => 4 - 17 * (1 - Math.exp(-step / 18))),
    quantity: 'E(x,y)',
    provenance,
  };
};

export const sampleClasses = (): ClassHistogram => ({
  title: 'Images and robust images by class',
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  series: [
    { label: 'all', counts: Array.from({ length: 10 }, () => 1000) },
    { label: 'robust', counts: [610, 742, 381, 274, 395, 431, 602, 633, 668, 679] },
  ],
  xLabel: 'images',
  provenance,
});
