/** The resolutions at which a plane is shown, coarse to fine, and which points of each are new. */

/** The coarsest level has about this many points along an axis. */
const coarse = 11;

/** Odd numbers that end with `resolution`, each holding the points of the one before where the spans allow it. */
export function levelsOf(resolution: number): number[] {
  const levels = [resolution];
  for (let spans = resolution - 1; spans / 2 >= coarse - 1 && (spans / 2) % 2 === 0; spans /= 2)
    levels.unshift(spans / 2 + 1);
  const [first = resolution] = levels;
  return first > 2 * coarse ? [coarse, ...levels] : levels;
}

/** How far apart the points of a level lie in the next; undefined where they are not among them. */
export const strideOf = (level: number, next: number): number | undefined =>
  (next - 1) % (level - 1) === 0 ? (next - 1) / (level - 1) : undefined;

/** A level with what is known from the one before, and the places that are not. */
export function unfold(
  known: { readonly resolution: number; readonly values: readonly Float32Array[] } | undefined,
  resolution: number,
): { values: Float32Array[]; missing: Uint32Array } {
  const points = resolution * resolution;
  const stride = known && strideOf(known.resolution, resolution);
  const values = [0, 1].map(() => new Float32Array(points));
  if (!known || stride === undefined) return { values, missing: Uint32Array.from({ length: points }, (_, i) => i) };
  const isKnown = new Uint8Array(points);
  for (let row = 0; row < known.resolution; row++)
    for (let column = 0; column < known.resolution; column++) {
      const to = row * stride * resolution + column * stride;
      isKnown[to] = 1;
      values.forEach((grid, k) => (grid[to] = known.values[k]?.[row * known.resolution + column] ?? NaN));
    }
  const missing: number[] = [];
  isKnown.forEach((is, i) => !is && missing.push(i));
  return { values, missing: Uint32Array.from(missing) };
}
