/** The way of chains, beside the grid of `lowland sample`: a picture, a film, and a table of their mean energies. */
import { type ImageShape, valuesOf } from '../data/dataset';
import { gridGif } from '../figures/gif';
import { gridPng } from '../figures/png';
import type { Provenance } from '../figures/png-text';
import { writeAtomic } from '../lib/atomic';
import { csvTable } from '../lib/csv';
import type { Frame } from '../sampling/chains';
import { spread, zoom } from './sample-grid';

/** Chains in the picture, a row for each, and in the film. */
const ROWS = 10;
const FILMED = 64;
/** Milliseconds that a frame of the film stands. */
const DELAY = 120;

export interface TrajectoryFiles {
  /** PNG: a row for each chain, a column for each frame. */
  readonly picture: string;
  /** GIF: the chains in a grid. */
  readonly film: string;
  readonly table: string;
}

/** Files named after `out`. Where there are more chains than a file shows, those it shows are spread over all. */
export async function writeTrajectory(
  frames: readonly Frame[],
  shape: ImageShape,
  out: string,
  provenance: Provenance,
): Promise<TrajectoryFiles> {
  const base = `${out.replace(/\.png$/i, '')}-trajectory`;
  const files = { picture: `${base}.png`, film: `${base}.gif`, table: `${base}.csv` };
  const stride = valuesOf(shape);
  const chains = (frames[0]?.x.length ?? 0) / stride;
  const layout = { scale: zoom(shape), gap: 1, provenance };

  const rows = spread(chains, ROWS);
  const cells = rows.flatMap((chain) => frames.map(({ x }) => x.subarray(chain * stride, (chain + 1) * stride)));
  const columns = frames.length;
  await writeAtomic(files.picture, gridPng(joined(cells, stride), cells.length, shape, { ...layout, columns }));

  const filmed = spread(chains, FILMED);
  const scenes = frames.map(({ x }) =>
    joined(
      filmed.map((chain) => x.subarray(chain * stride, (chain + 1) * stride)),
      stride,
    ),
  );
  const film = { ...layout, columns: Math.ceil(Math.sqrt(filmed.length)), delay: DELAY };
  await writeAtomic(files.film, gridGif(scenes, filmed.length, shape, film));

  const lines = frames.map(({ step, marginal, joint }) => [step, mean(marginal), joint && mean(joint)]);
  await writeAtomic(files.table, csvTable(['step', 'meanMarginalEnergy', 'meanJointEnergy'], lines));
  return files;
}

/** Of at least one number. */
export const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

function joined(images: readonly Float32Array[], stride: number): Float32Array {
  const out = new Float32Array(images.length * stride);
  images.forEach((image, i) => out.set(image, i * stride));
  return out;
}
