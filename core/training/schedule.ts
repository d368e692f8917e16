/** Learning-rate schedules: the factor on the peak rate at a step, a pure function of the step. */
import { type Schema, type Values, list, real } from '../lib/options';
import { type Entry, Registry } from '../lib/registry';

export interface ScheduleEntry<S extends Schema = Schema> extends Entry<S> {
  /** Factor at `progress` in [0, 1) of the run after warm-up. */
  factor(progress: number, options: Values<S>): number;
}

const define = <S extends Schema>(entry: ScheduleEntry<S>): ScheduleEntry<S> => entry;
const cosineBetween = (from: number, to: number, t: number) => to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * t));

export const scheduleRegistry = new Registry<ScheduleEntry>('schedule', [
  define({
    id: 'constant',
    title: 'Constant',
    summary: 'The same rate throughout.',
    reference: 'Baseline',
    options: {},
    factor: () => 1,
  }),
  define({
    id: 'step',
    title: 'Step decay',
    summary: 'The rate falls by a factor at each milestone.',
    reference: 'Baseline',
    options: {
      milestones: list([0.5, 0.75], 'Fractions of the run at which the rate falls.', { min: 0, max: 1 }),
      gamma: real(0.1, 'Factor at each milestone.', { min: 0, max: 1 }),
    },
    factor: (progress, { milestones, gamma }) => gamma ** milestones.filter((at) => progress >= at).length,
  }),
  define({
    id: 'cosine',
    title: 'Cosine',
    summary: 'From the peak to zero along half a cosine.',
    reference: 'arXiv 1608.03983',
    options: {},
    factor: (progress) => cosineBetween(1, 0, progress),
  }),
  define({
    id: 'one-cycle',
    title: 'One cycle',
    summary: 'Up to the peak, then down to almost nothing, both along cosines.',
    reference: 'arXiv 1708.07120',
    options: { rise: real(0.25, 'Fraction of the run spent rising.', { min: 0.01, max: 0.99 }) },
    factor: (progress, { rise }) =>
      progress < rise
        ? cosineBetween(0.04, 1, progress / rise)
        : cosineBetween(1, 4e-6, (progress - rise) / (1 - rise)),
  }),
]);

/** Learning rate at a step: linear warm-up over `warmup` steps, then the schedule over the rest. */
export function learningRate(
  entry: ScheduleEntry,
  options: Values<Schema>,
  peak: number,
  step: number,
  steps: number,
  warmup: number,
): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  return peak * entry.factor((step - warmup) / Math.max(1, steps - warmup), options);
}
