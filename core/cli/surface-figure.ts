/** The figure of `lowland surface` and its numbers: energies with each model's mean clean energy subtracted. */
import type { ImageShape } from '../data/dataset';
import { contourPanels } from '../figures/contour-panels';
import { csvTable } from '../lib/csv';
import type { SurfaceStudy } from '../surface/study';
import { type NamedModel, titled } from './model-titles';

export interface NamedSurface extends NamedModel {
  readonly study: SurfaceStudy;
}

interface About {
  readonly data: string;
  readonly image: number;
  readonly label: string;
  readonly norm: string;
  readonly shape: ImageShape;
  readonly range: number;
  readonly directions: string;
}

type EnergyName = 'joint' | 'marginal';

/** A panel for each model, one colour scale. */
export function surfaceSvg(
  surfaces: readonly NamedSurface[],
  energy: EnergyName,
  { data, image, label, norm, shape, range, directions }: About,
  provenance: Readonly<Record<string, string>>,
): string {
  const symbol = energy === 'joint' ? 'E(x,y)' : 'E(x)';
  const panels = titled(surfaces).map(({ title, objective, study }) => ({
    title,
    method: objective,
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
      unit: unitOf(norm, shape),
      shared: true,
      quantity: `${symbol} minus the mean over clean images`,
      provenance,
    },
    'light',
  );
}

/** The points of a 2-D toy have no pixels. */
const unitOf = (norm: string, [, , channels]: ImageShape) => (channels === 2 ? norm : `${norm}, pixels in [0,1]`);

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
