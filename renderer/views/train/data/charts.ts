/** The charts of the monitor: which quantities stand together, what they are called and measured in. */
import type { Range } from '../../../plots/chart/curve';
import { bytes, count, percent, rate, real } from '../../../lib/format';

export type LogPart = 'steps' | 'evaluations' | 'samples';

export interface Term {
  /** As in the log. */
  readonly name: string;
  readonly part: LogPart;
  readonly label: string;
  /** What it is called where it stands alone; absent: the label. */
  readonly title?: string;
  /** Beside others, where it may lie on one of them. */
  readonly dash?: readonly number[];
}
export interface ChartPlan {
  readonly id: string;
  readonly title: string;
  /** What the y axis measures. */
  readonly unit: string;
  readonly terms: readonly Term[];
  readonly fixed?: Range;
  readonly log?: boolean;
  readonly format: (value: number) => string;
}

const term =
  (part: LogPart) =>
  (name: string, label: string, title = label): Term => ({ name, label, title, part });
const steps = term('steps');
const evaluated = term('evaluations');
const number = (value: number) => real(value, 4);

/** Where the cross-entropy of a training step is taken, by the objective. */
const places: Readonly<Record<string, string>> = { natural: 'at clean images', noise: 'at noisy images' };

/** All charts for runs of these objectives; a chart shows the terms that a run has. */
export function chartPlans(objectives: readonly string[]): readonly ChartPlan[] {
  const at = new Set(objectives.map((objective) => places[objective] ?? 'at adversarial points'));
  const [where = ''] = at.size === 1 ? at : [];
  return [
    {
      id: 'loss',
      title: 'Loss and its terms',
      unit: 'nats',
      format: number,
      terms: [
        steps('loss', 'Loss'),
        { ...steps('ce', `CE ${where}`.trim()), dash: [5, 3] },
        steps('contrast', 'Contrast', 'Contrast of E(x~) and E(x-)'),
      ],
    },
    {
      id: 'accuracy',
      title: 'Validation accuracy',
      unit: 'accuracy',
      fixed: [0, 1],
      format: (value) => percent(value, 0),
      terms: [
        evaluated('accuracy.clean', 'Clean', 'Clean accuracy'),
        evaluated('accuracy.robust', 'Robust (PGD)', 'Robust accuracy (PGD)'),
      ],
    },
    {
      id: 'energy',
      title: 'Energies E(x)',
      unit: 'mean E, nats',
      format: number,
      terms: [
        steps('energy.clean', 'E(x)', 'E(x) at clean images'),
        steps('energy.noisy', 'E(x~)', 'E(x~) at noisy images'),
        steps('energy.adversarial', 'E(x~)', 'E(x~) at adversarial points'),
        steps('energy.generated', 'E(x-)', 'E(x-) where the sampler goes'),
        evaluated('validation.energy.clean', 'E(x) validation', 'E(x) at validation images'),
        evaluated('validation.energy.adversarial', 'E(x~) validation', 'E(x~) at attacked validation images'),
        term('samples')('energy.samples', 'E of samples', 'E(x) of samples from noise'),
      ],
    },
    {
      id: 'gap',
      title: 'Energy gap ΔE = E(x) − E(x~)',
      unit: 'nats',
      format: number,
      terms: [evaluated('validation.deltaEnergy', 'ΔE validation')],
    },
    {
      id: 'joint',
      title: 'Joint energies E(x,y)',
      unit: 'mean E, nats',
      format: number,
      terms: [
        steps('joint.clean', 'E(x,y)', 'E(x,y) at clean images'),
        steps('joint.noisy', 'E(x~,y)', 'E(x~,y) at noisy images'),
        steps('joint.adversarial', 'E(x~,y)', 'E(x~,y) at adversarial points'),
        evaluated('validation.joint.clean', 'E(x,y) validation', 'E(x,y) at validation images'),
        evaluated('validation.joint.adversarial', 'E(x~,y) validation', 'E(x~,y) at attacked validation images'),
      ],
    },
    {
      id: 'gradient',
      title: 'Gradient norm',
      unit: 'global L2 norm',
      log: true,
      format: (value) => real(value, 3),
      terms: [steps('gradientNorm', 'Gradient norm')],
    },
    {
      id: 'throughput',
      title: 'Throughput',
      unit: 'images/s',
      format: (value) => (value >= 100 ? count(value) : real(value, 3)),
      terms: [steps('imagesPerSecond', 'Images a second')],
    },
    {
      id: 'memory',
      title: 'Memory of tensors',
      unit: 'bytes',
      format: bytes,
      terms: [steps('tensorBytes', 'Tensors')],
    },
    {
      id: 'rate',
      title: 'Learning rate',
      unit: 'learning rate',
      format: (value) => real(value, 3),
      terms: [steps('lr', 'Learning rate')],
    },
  ];
}

export const throughputText = (perSecond: number): string => rate(perSecond, 'img');
