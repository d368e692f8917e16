/** Which pictures there are along the steps of runs, and which of them is the one at a step. */

export interface TimedImage {
  readonly run: string;
  readonly name: string;
  readonly kind: string;
  readonly step: number;
}
/** The pictures of one kind of one run, by rising step. */
export interface Track {
  readonly run: string;
  readonly kind: string;
  readonly images: readonly TimedImage[];
}

const order = ['samples', 'buffer', 'adversarial'];
const rank = (kind: string): number => (order.includes(kind) ? order.indexOf(kind) : order.length);

/** One kind after another, runs side by side in each. */
export function tracksOf(images: readonly TimedImage[]): Track[] {
  const tracks = new Map<string, TimedImage[]>();
  for (const image of images) {
    const key = `${image.kind}\n${image.run}`;
    tracks.set(key, [...(tracks.get(key) ?? []), image]);
  }
  return [...tracks.values()]
    .flatMap((found): Track[] => {
      const [first] = found;
      return first ? [{ run: first.run, kind: first.kind, images: [...found].sort((a, b) => a.step - b.step) }] : [];
    })
    .sort((a, b) => rank(a.kind) - rank(b.kind) || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
}

export const stepsOf = (images: readonly TimedImage[]): number[] =>
  [...new Set(images.map(({ step }) => step))].sort((a, b) => a - b);

/** The newest picture up to a step; before the first, the first. */
export const imageAt = ({ images }: Track, step: number): TimedImage | undefined =>
  images.filter((image) => image.step <= step).at(-1) ?? images[0];
