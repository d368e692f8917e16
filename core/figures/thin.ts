/** Long curves without what no pixel can show: of each run of points the first, the lowest, the highest and the last. */

export type Point = readonly [number, number];

/** At most four points for each of `columns` runs; short curves as they are. */
export function thinned(points: readonly Point[], columns = 400): readonly Point[] {
  if (points.length <= columns * 4) return points;
  const size = Math.ceil(points.length / columns);
  const runs = Array.from({ length: Math.ceil(points.length / size) }, (_, run) =>
    points.slice(run * size, (run + 1) * size),
  );
  return runs.flatMap((run) => {
    let [lowest, highest] = [0, 0];
    run.forEach(([, y], i) => {
      if (!(y >= (run[lowest]?.[1] ?? NaN)) && Number.isFinite(y)) lowest = i;
      if (!(y <= (run[highest]?.[1] ?? NaN)) && Number.isFinite(y)) highest = i;
    });
    const kept = new Set([0, lowest, highest, run.length - 1]);
    return run.filter((_, i) => kept.has(i));
  });
}

/** A band [x, low, high] as at most `columns` steps, each as low and as high as what it stands for. */
export function thinnedBand(
  band: readonly (readonly [number, number, number])[],
  columns = 800,
): readonly (readonly [number, number, number])[] {
  if (band.length <= columns) return band;
  const size = Math.ceil(band.length / columns);
  return Array.from({ length: Math.ceil(band.length / size) }, (_, run) => {
    const part = band.slice(run * size, (run + 1) * size).filter((point) => point.every(Number.isFinite));
    const [x = NaN] = part[0] ?? [];
    return [x, Math.min(...part.map(([, low]) => low)), Math.max(...part.map(([, , high]) => high))] as const;
  });
}
