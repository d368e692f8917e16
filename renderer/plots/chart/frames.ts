/**
 * Drawing at most once a frame, and not longer than a frame has room for: charts that are left over come first in the next one, so
 * that input is never kept waiting, however many there are. Where nobody is there to give any, all are drawn in one frame.
 */
import { beat } from '../../state/beat';

/** Milliseconds of a frame for drawing; the rest is the browser's. */
const room = 7;

export class Frames {
  readonly #waiting = new Set<() => void>();
  #asked = false;

  constructor(
    private readonly ask: (draw: () => void) => void = (draw) => requestAnimationFrame(draw),
    private readonly now: () => number = () => performance.now(),
    private readonly attended: () => boolean = () => beat.attended,
  ) {}

  /** Draws in one of the next frames; asked again before that, once. */
  request(draw: () => void): void {
    this.#waiting.add(draw);
    this.#wake();
  }

  cancel(draw: () => void): void {
    this.#waiting.delete(draw);
  }

  #wake(): void {
    if (this.#asked || this.#waiting.size === 0) return;
    this.#asked = true;
    this.ask(() => this.#frame());
  }

  #frame(): void {
    this.#asked = false;
    const began = this.now();
    for (const draw of [...this.#waiting]) {
      this.#waiting.delete(draw);
      draw();
      if (this.now() - began >= room && this.attended()) break;
    }
    this.#wake();
  }
}

export const frames = new Frames();
