/** The smoothed course of a growing column: the debiased moving average of core/figures/smooth.ts, of which each value is made once. */
import { Column } from './column';

export class Smoothed {
  readonly values = new Column();
  #span = 1;
  #sum = 0;
  #weight = 0;

  constructor(private readonly column: Column) {}

  /** Brings it up to date; another span, or a column that was cut, begins again. */
  update(span: number): void {
    if (span !== this.#span || this.column.length < this.values.length) this.#restart(span);
    const decay = 1 - 1 / Math.max(1, span);
    const { raw, length } = this.column;
    for (let i = this.values.length; i < length; i++) {
      const value = raw[i] ?? NaN;
      if (Number.isFinite(value)) {
        this.#sum = decay * this.#sum + value;
        this.#weight = decay * this.#weight + 1;
      }
      this.values.push(Number.isFinite(value) ? this.#sum / this.#weight : NaN);
    }
  }

  #restart(span: number): void {
    this.#span = span;
    this.#sum = 0;
    this.#weight = 0;
    this.values.cut(0);
  }

  /** After the column was cut. */
  cut(): void {
    this.#restart(this.#span);
  }
}
