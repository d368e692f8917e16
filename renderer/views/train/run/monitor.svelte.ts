/** How the charts are looked at: axis, smoothing, zoom and cursor, which all charts share; and what was chosen for single ones. */
import type { Range } from '../../../plots/chart/curve';
import { settings } from '../../../state/settings.svelte';
import { type Axis, axes } from '../data/log-table';

class Monitor {
  #zoom = $state.raw<Range | undefined>();
  #cursor = $state.raw<number | undefined>();
  #hidden = $state.raw<ReadonlySet<string>>(new Set());

  get axis(): Axis {
    const stored = settings.get<string>('train.axis', 'step');
    return axes.find((axis) => axis === stored) ?? 'step';
  }
  /** Zoom and cursor are places on the axis: another axis has others. */
  set axis(axis: Axis) {
    settings.set('train.axis', axis);
    this.#zoom = undefined;
    this.#cursor = undefined;
  }

  /** Steps that the smoothing looks back over; 1 for none. */
  get span(): number {
    return settings.get<number>('train.span', 30, (span) => typeof span === 'number' && span >= 1);
  }
  set span(span: number) {
    settings.set('train.span', span);
  }

  get zoom(): Range | undefined {
    return this.#zoom;
  }
  set zoom(range: Range | undefined) {
    this.#zoom = range && range[1] > range[0] ? range : undefined;
  }

  get cursor(): number | undefined {
    return this.#cursor;
  }
  set cursor(x: number | undefined) {
    this.#cursor = x;
  }

  isHidden(curve: string): boolean {
    return this.#hidden.has(curve);
  }
  toggle(curve: string): void {
    const next = new Set(this.#hidden);
    if (!next.delete(curve)) next.add(curve);
    this.#hidden = next;
  }

  /** A switch of one chart, remembered. */
  option(chart: string, name: 'log' | 'trim' | 'large', fallback = false): boolean {
    return settings.get<boolean>(`train.chart.${key(chart)}.${name}`, fallback);
  }
  setOption(chart: string, name: 'log' | 'trim' | 'large', on: boolean): void {
    settings.set(`train.chart.${key(chart)}.${name}`, on);
  }
}

/** Chart ids as a setting may be called. */
const key = (chart: string): string => chart.replace(/[^\w-]+/g, '_').slice(0, 60);

export const monitor = new Monitor();
