/** The work of `lowland sample`: generates, keeps what was asked for, draws the grid. */
import path from 'node:path';
import type { ImageShape } from '../data/dataset';
import { gridPng } from '../figures/png';
import { writeAtomic } from '../lib/atomic';
import { csvTable } from '../lib/csv';
import type { Frame } from '../sampling/chains';
import { generate } from '../sampling/generate';
import type { CommandContext, CommandResult } from './command';
import { withModels } from './open-models';
import type { SampleFlags } from './sample';
import { type ChunkRecord, SampleFolder, recordOf } from './sample-folder';
import { samplePlan } from './sample-plan';

/** A grid shows at most this many images, spread over all. */
const GRID = 400;
/** Chains drawn in a trajectory. */
const WAYS = 10;

type Provenance = Record<string, string>;

export function runSample(name: string, flags: SampleFlags, context: CommandContext): Promise<CommandResult> {
  return withModels([name], context, async (engine, [model]) => {
    const { plan, about } = await samplePlan(model, flags, context);
    const shape = model.classifier.inputShape;
    const provenance = words({ ...about, engine: engine.id });
    const folder = flags.single ? await SampleFolder.open(flags.single, shape, provenance) : undefined;
    const grid = new Grid(flags.n, shape);
    const records: ChunkRecord[] = [];
    for (const { record, images } of (await folder?.complete()) ?? []) {
      grid.place(record.from, images);
      records.push(record);
    }
    const resumed = records.reduce((sum, { labels }) => sum + labels.length, 0);
    let frames: readonly Frame[] | undefined;
    for await (const chunk of generate(model.classifier, engine, plan, records.length)) {
      frames ??= chunk.frames;
      grid.place(chunk.from, chunk.images);
      records.push(recordOf(chunk));
      await folder?.write(chunk);
      context.progress.update('Sampling', chunk.from + chunk.labels.length, flags.n, 'images');
    }
    const out = path.resolve(context.out ?? `samples-${path.basename(model.name)}-seed${context.seed}.png`);
    await writeAtomic(out, grid.png(provenance));
    const trajectory = flags.trajectory && frames ? await writeTrajectory(frames, shape, out, provenance) : undefined;
    const energies = meanEnergies(records);
    const json = {
      out,
      ...about,
      engine: engine.id,
      energies,
      ...(folder ? { single: folder.path, resumed } : {}),
      ...(trajectory ? { trajectory } : {}),
    };
    const text = [
      `${flags.n} images by ${plan.sampler.title} from ${plan.start.id} starts, ${plan.steps} steps.`,
      `Mean E(x) ${energies.start.marginal.toFixed(2)} -> ${energies.end.marginal.toFixed(2)}.`,
      out,
      ...(trajectory ? [trajectory.picture, trajectory.table] : []),
    ];
    return { json, text: text.join('\n') };
  });
}

/** The images that the grid shows, gathered as chunks come. */
class Grid {
  readonly #shown: number[];
  readonly #pixels: Float32Array;
  readonly #stride: number;

  constructor(
    n: number,
    readonly shape: ImageShape,
  ) {
    const cells = Math.min(n, GRID);
    this.#shown = Array.from({ length: cells }, (_, i) => Math.floor((i * n) / cells));
    this.#stride = shape[0] * shape[1] * shape[2];
    this.#pixels = new Float32Array(cells * this.#stride);
  }

  place(from: number, images: Float32Array): void {
    this.#shown.forEach((image, cell) => {
      const at = (image - from) * this.#stride;
      if (at >= 0 && at < images.length) this.#pixels.set(images.subarray(at, at + this.#stride), cell * this.#stride);
    });
  }

  png(provenance: Provenance): Uint8Array {
    const columns = Math.ceil(Math.sqrt(this.#shown.length));
    return gridPng(this.#pixels, this.#shown.length, this.shape, {
      columns,
      scale: zoom(this.shape),
      gap: 1,
      provenance,
    });
  }
}

/** Small images are drawn about 56 pixels high. */
const zoom = ([height]: ImageShape) => Math.max(1, Math.round(56 / height));

/** Beside the grid: a picture with a row for each chain and a column for each frame, and a table of the mean energies. */
async function writeTrajectory(frames: readonly Frame[], shape: ImageShape, out: string, provenance: Provenance) {
  const stride = shape[0] * shape[1] * shape[2];
  const chains = (frames[0]?.x.length ?? 0) / stride;
  const rows = Math.min(WAYS, chains);
  const pixels = new Float32Array(rows * frames.length * stride);
  frames.forEach(({ x }, column) => {
    for (let row = 0; row < rows; row++) {
      const chain = Math.floor((row * chains) / rows);
      pixels.set(x.subarray(chain * stride, (chain + 1) * stride), (row * frames.length + column) * stride);
    }
  });
  const base = out.replace(/\.png$/i, '');
  const picture = `${base}-trajectory.png`;
  const options = { columns: frames.length, scale: zoom(shape), gap: 1, provenance };
  await writeAtomic(picture, gridPng(pixels, rows * frames.length, shape, options));
  const table = `${base}-trajectory.csv`;
  const lines = frames.map(({ step, marginal, joint }) => [step, mean(marginal), joint && mean(joint)]);
  await writeAtomic(table, csvTable(['step', 'meanMarginalEnergy', 'meanJointEnergy'], lines));
  return { picture, table };
}

/** Means over all images at both ends of their chains, in nats. */
function meanEnergies(records: readonly ChunkRecord[]) {
  const at = (end: 'start' | 'end') => {
    const joint = records.flatMap((record) => record[end].joint ?? []);
    const marginal = mean(records.flatMap((record) => record[end].marginal));
    return joint.length > 0 ? { marginal, joint: mean(joint) } : { marginal };
  };
  return { start: at('start'), end: at('end') };
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const words = (about: object): Provenance =>
  Object.fromEntries(
    Object.entries(about).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
