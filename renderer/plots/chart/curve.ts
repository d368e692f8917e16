/** What a chart draws: a quantity along an axis that only rises, with what a resume superseded beside it. */
import { Column } from './column';
import { Extremes } from './extremes';
import { Smoothed } from './smooth';

/** A quantity as it grows: its values, their extremes and their smoothed course. */
export class Quantity {
  readonly values = new Column();
  readonly extremes = new Extremes(this.values);
  readonly smoothed = new Smoothed(this.values);

  cut(length: number): void {
    this.values.cut(length);
    this.extremes.cut();
    this.smoothed.cut();
  }
}

/** A stretch of a curve: x and y of the same length, x rising. */
export interface Stretch {
  readonly x: Column;
  readonly y: Quantity;
}

export interface Curve extends Stretch {
  /** Stays the same while its data grow. */
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  /** Dashes and gaps in CSS pixels; absent: a solid line. */
  readonly dash?: readonly number[];
  /** Few and far between: a dot each, never smoothed. */
  readonly points?: boolean;
  readonly superseded: readonly Stretch[];
}

export type Range = readonly [low: number, high: number];
