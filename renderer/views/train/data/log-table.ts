/** Events of one kind as columns that grow: where on each axis, and a quantity for each number. A resume cuts their end off. */
import { Column, lowerBound } from '../../../plots/chart/column';
import { Quantity, type Stretch } from '../../../plots/chart/curve';

export const axes = ['step', 'epoch', 'time'] as const;
export type Axis = (typeof axes)[number];
export type Place = Readonly<Record<Axis, number>> & { readonly seq: number };

export class LogTable {
  readonly seq = new Column();
  readonly step = new Column();
  readonly epoch = new Column();
  /** Seconds of work since the run began; pauses left out. */
  readonly time = new Column();
  readonly quantities = new Map<string, Quantity>();
  /** Ends that were cut off, oldest first. */
  readonly superseded: LogTable[] = [];

  get length(): number {
    return this.seq.length;
  }

  /** A row; a clock that was set back does not lead back on the axis of time. */
  add({ seq, step, epoch, time }: Place): void {
    this.seq.push(seq);
    this.step.push(step);
    this.epoch.push(epoch);
    this.time.push(Math.max(time, this.time.raw[this.time.length - 1] ?? 0));
  }

  /** Values of the newest rows; what a quantity lacks before them, or what others have and it not, is a gap. */
  fill(values: Readonly<Record<string, ArrayLike<number>>>, rows: number): void {
    for (const [name, found] of Object.entries(values)) {
      const quantity = this.quantities.get(name) ?? new Quantity();
      this.quantities.set(name, quantity);
      pad(quantity, this.length - rows);
      quantity.values.append(found);
    }
    for (const quantity of this.quantities.values()) pad(quantity, this.length);
  }

  /** Cuts off what has this seq or a later one. */
  supersede(first: number): void {
    const at = lowerBound(this.seq.values, first);
    if (at === this.length) return;
    const old = new LogTable();
    for (const name of ['seq', 'step', 'epoch', 'time'] as const) {
      old[name].append(this[name].values.slice(at));
      this[name].cut(at);
    }
    for (const [name, quantity] of this.quantities) {
      const part = new Quantity();
      part.values.append(quantity.values.values.slice(at));
      old.quantities.set(name, part);
      quantity.cut(at);
    }
    this.superseded.push(old);
  }

  /** A quantity along an axis; undefined where no event had it. */
  along(axis: Axis, name: string): Stretch | undefined {
    const y = this.quantities.get(name);
    return y && { x: this[axis], y };
  }
}

function pad({ values }: Quantity, length: number): void {
  while (values.length < length) values.push(NaN);
}
