/** All sets as they stand on the screen: what a picture or a film of them shows, and what made them. */
import type { Shape } from '../../lib/pixels';
import type { PlacedGrid } from '../../plots/grid/layout';
import { type Arranged, arranged, arrangement } from './arrange';
import type { Generator } from './generator.svelte';
import { type Trajectory, frameAt } from './trajectory';
import { provenanceOf } from './words';

export type Provenance = Record<string, string>;

export interface Scene {
  readonly name: string;
  readonly shape: Shape;
  readonly arranged: Arranged;
  readonly ways: readonly Trajectory[];
  readonly provenance: Provenance;
}

export function sceneOf(
  generator: Generator,
  grids: readonly (PlacedGrid | undefined)[],
  more: Provenance,
): Scene | undefined {
  const all = generator.lanes.flatMap((lane, i) => {
    const [grid, session, made] = [grids[i], lane.session, lane.made(generator.shown)];
    return grid && session && made ? [{ grid, session, made, way: lane.way }] : [];
  });
  const [first] = all;
  if (!first) return undefined;
  const { shape, labels } = first.session;
  const same = all.filter(
    ({ session }) => session.shape.join() === shape.join() && session.labels.length === labels.length,
  );
  const provenances = same.map(({ made }) => provenanceOf(made, more));
  const [only = {}, ...others] = provenances;
  return {
    name: `${same.map(({ made }) => made.way.model.replaceAll('/', '-')).join('-and-')}-seed${generator.shared.seed}`,
    shape,
    arranged: arrangement(
      same.map(({ grid }) => grid),
      labels.length,
    ),
    ways: same.map(({ way }) => way),
    provenance: others.length > 0 ? { left: JSON.stringify(only), right: JSON.stringify(others[0]) } : only,
  };
}

/** One frame of pixels [cells, h, w, c] at a step. */
export const pixelsAt = ({ arranged: cells, ways, shape }: Scene, step: number): Uint8Array<ArrayBuffer> =>
  arranged(
    cells,
    ways.map((way) => frameAt(way, step)?.images ?? new Uint8Array()),
    shape,
  );
export const stepsOf = ({ ways: [first] }: Scene): number[] => first?.frames.map(({ step }) => step) ?? [];
