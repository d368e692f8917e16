/** Images that the user kept, for as long as the window lives: each with the words that make it again. */
import type { Shape } from '../../lib/pixels';
import type { Made } from './words';

export interface KeptImage {
  readonly id: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly shape: Shape;
  readonly label: string;
  /** Its place among those made with it. */
  readonly image: number;
  readonly made: Made;
}

/** Kept at a time; the oldest goes. */
const most = 60;

export class Kept {
  #list = $state.raw<readonly KeptImage[]>([]);
  #next = 0;

  get list(): readonly KeptImage[] {
    return this.#list;
  }

  add(image: Omit<KeptImage, 'id'>): void {
    this.#list = [...this.#list, { ...image, id: this.#next++ }].slice(-most);
  }
  /** Takes one away; the returned function puts it back where it was. */
  remove(id: number): () => void {
    const before = this.#list;
    this.#list = before.filter((image) => image.id !== id);
    return () => (this.#list = before);
  }
  find(made: Made | undefined, image: number): KeptImage | undefined {
    return this.#list.find(
      (kept) =>
        kept.image === image &&
        kept.made.step === made?.step &&
        kept.made.way === made.way &&
        kept.made.shared === made.shared,
    );
  }
}
