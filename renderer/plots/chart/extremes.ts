/**
 * Lowest and highest value of any stretch of a growing column, in a few dozen looks: a pyramid of blocks of 16, of 16 blocks, and so on,
 * each made once when it is full. Values that are not finite count for nothing.
 */
import { Column } from './column';

const fan = 16;

interface Level {
  readonly low: Column;
  readonly high: Column;
}

export class Extremes {
  /** Level 0 is the column itself, as its own lowest and highest; entry i of level k is made of entries 16 i … of level k - 1. */
  readonly #levels: Level[];
  #low = Infinity;
  #high = -Infinity;

  constructor(private readonly column: Column) {
    this.#levels = [{ low: column, high: column }];
  }

  /** Makes the blocks that became full since the last time. */
  update(): void {
    for (let level = 1, below = this.#levels[0]; below && below.low.length >= fan; level++) {
      const blocks = (this.#levels[level] ??= { low: new Column(16), high: new Column(16) });
      for (let at = blocks.low.length; (at + 1) * fan <= below.low.length; at++) {
        this.#clear();
        this.#take(below, at * fan, (at + 1) * fan);
        blocks.low.push(this.#low);
        blocks.high.push(this.#high);
      }
      below = blocks;
    }
  }

  /** After the column was cut. */
  cut(): void {
    let whole = this.column.length;
    for (const { low, high } of this.#levels.slice(1)) {
      whole = Math.floor(whole / fan);
      low.cut(whole);
      high.cut(whole);
    }
  }

  /** [Infinity, -Infinity] where no value from `from` up to `to` is finite. Call `update` first. */
  of(from: number, to: number): readonly [low: number, high: number] {
    this.#clear();
    let [i, j] = [Math.max(0, from), Math.min(to, this.column.length)];
    for (const level of this.#levels) {
      if (i >= j) break;
      const [up, down] = [Math.min(j, Math.ceil(i / fan) * fan), Math.max(i, Math.floor(j / fan) * fan)];
      if (up >= down) {
        this.#take(level, i, j);
        break;
      }
      this.#take(level, i, up);
      this.#take(level, down, j);
      [i, j] = [up / fan, down / fan];
    }
    return [this.#low, this.#high];
  }

  #clear(): void {
    this.#low = Infinity;
    this.#high = -Infinity;
  }

  #take({ low, high }: Level, from: number, to: number): void {
    const [lows, highs] = [low.raw, high.raw];
    for (let i = from; i < to; i++) {
      const [a = Infinity, b = -Infinity] = [lows[i], highs[i]];
      // a comparison with NaN is false; infinite values of the column are left out as well
      if (a < this.#low && a > -Infinity) this.#low = a;
      if (b > this.#high && b < Infinity) this.#high = b;
    }
  }
}
