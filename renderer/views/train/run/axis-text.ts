/** Places on the x axis in words. */
import { count, duration, real } from '../../../lib/format';
import type { Axis } from '../data/log-table';

export const axisTitles: Readonly<Record<Axis, string>> = { step: 'Step', epoch: 'Epoch', time: 'Time' };
export const axisLabels: Readonly<Record<Axis, string>> = { step: 'step', epoch: 'epoch', time: 'time of work, s' };

/** Seconds as a clock: 0:42, 12:05, 3:20:00. */
function clock(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return `${seconds < 0 ? '−' : ''}${h > 0 ? `${h}:${two(m)}` : m}:${two(s)}`;
}

/** At a tick. */
export const tickText = (axis: Axis, value: number): string =>
  axis === 'time' ? clock(value) : axis === 'step' ? (Number.isInteger(value) ? count(value) : '') : real(value, 4);

/** Under the cursor. */
export const placeText = (axis: Axis, value: number): string =>
  axis === 'time' ? `after ${duration(value)}` : axis === 'step' ? `step ${count(value)}` : `epoch ${real(value, 3)}`;
