/** An image that one view hands to another and that no address can name: generated pixels for the energy round them. */
import type { Shape } from '../lib/pixels';

export interface CarriedImage {
  /** uint8 [h, w, c]. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly shape: Shape;
  /** The class it is meant to be. */
  readonly label: number;
  /** 'generated image 3 of fashion/jeat, seed 0'. */
  readonly title: string;
}

class Carried {
  #image = $state.raw<CarriedImage | undefined>();

  get image(): CarriedImage | undefined {
    return this.#image;
  }
  /** The view that opens next may take it. */
  hand(image: CarriedImage | undefined): void {
    this.#image = image;
  }
}

export const carried = new Carried();
