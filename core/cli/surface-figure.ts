/** The figure of `lowland surface` and its numbers: energies with each model's mean clean energy subtracted. */
import { contourPanels } from '../figures/contour-panels';
import { csvTable } from '../lib/csv';
import type { SurfaceStudy } from '../surface/study';

export interface NamedSurface {
  readonly name: string;
  readonly study: SurfaceStudy;
}

interface About {
  readonly data: string;
  readonly image: number;
  readonly label: string;
  readonly norm: string;
  readonly range: number;
  readonly directions: string;
}

type EnergyName = 'joint' | 'marginal';

/** A panel for each model, one colour scale. */
export function surfaceSvg(
  surfaces: readonly NamedSurface[],
  energy: EnergyName,
  { data, image, label, norm, range, directions }: About,
  provenance: Readonly<Record<string, string>>,
): string {
  const symbol = energy === 'joint' ? 'E(x,y)' : 'E(x)';
  const panels = surfaces.map(({ name, study }) => ({
    title: name,
    grid: study.plane[energy].map((value) => value - study.offset[energy]),
    n: study.plane.offsets.length,
    ...(study.flatness ? { subtitle: `max/gap ${study.flatness.maxOverGap.toFixed(3)}` } : {}),
  }));
  return contourPanels(
    {
      title: `${symbol} round test image ${image} of ${data} (${label})`,
      subtitle:
        directions === 'random'
          ? 'Two random directions, the same for all models.'
          : 'u: each model’s own attack on E(x,y); v: random.',
      panels,
      extent: range,
      unit: norm,
      shared: true,
      quantity: `${symbol} minus the mean over clean images`,
      provenance,
    },
    'light',
  );
}

/** Every point of every plane: offsets along u and v, E(x,y), E(x) as the model gives them, and its mean clean energies. */
export function surfaceCsv(surfaces: readonly NamedSurface[]): string {
  const rows = surfaces.flatMap(({ name, study: { plane, offset } }) => {
    const n = plane.offsets.length;
    return Array.from(plane.joint, (joint, i) => {
      const [u, v] = [plane.offsets[i % n], plane.offsets[Math.floor(i / n)]];
      return [name, u, v, joint, plane.marginal[i], offset.joint, offset.marginal];
    });
  });
  return csvTable(['model', 'u', 'v', 'joint', 'marginal', 'meanCleanJoint', 'meanCleanMarginal'], rows);
}
