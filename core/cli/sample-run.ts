/** The work of `lowland sample`: generates, keeps what was asked for, draws the grid. */
import path from 'node:path';
import type { Engine } from '../engine/engine';
import { writeAtomic } from '../lib/atomic';
import type { Classifier } from '../models/model';
import type { Frame } from '../sampling/chains';
import { type GeneratedChunk, type GenerationPlan, generate } from '../sampling/generate';
import type { CommandContext, CommandResult } from './command';
import { openModels, withModels } from './open-models';
import { provenanceOf } from './provenance';
import type { SampleFlags } from './sample';
import { type ChunkRecord, SampleFolder, recordOf } from './sample-folder';
import { SampleGrid } from './sample-grid';
import { samplePlan } from './sample-plan';
import { type Shard, jobContext, processesFor, sharded } from './shards';
import { mean, writeTrajectory } from './sample-trajectory';

export function runSample(name: string, flags: SampleFlags, context: CommandContext): Promise<CommandResult> {
  return withModels([name], context, async (engine, [model]) => {
    const { plan, about } = await samplePlan(model, flags, context);
    const shape = model.classifier.inputShape;
    const provenance = provenanceOf({ ...about, engine: engine.id });
    const folder = flags.single ? await SampleFolder.open(flags.single, shape, provenance) : undefined;
    const grid = new SampleGrid(flags.n, shape);
    const records: ChunkRecord[] = [];
    for (const { record, images } of (await folder?.complete()) ?? []) {
      grid.place(record.from, images);
      records.push(record);
    }
    const resumed = records.reduce((sum, { labels }) => sum + labels.length, 0);
    let frames = flags.trajectory && records.length > 0 ? await firstFrames(model.classifier, engine, plan) : undefined;
    const first = records.length;
    const count = processesFor(engine, Math.ceil(flags.n / flags.batch) - first);
    const job = { kind: 'sample', model: name, flags, context: jobContext(context, engine) } as const;
    const chunks =
      count > 1
        ? sharded<GeneratedChunk>(job, { first, count }, context.signal)
        : generate(model.classifier, engine, plan, { first });
    for await (const chunk of chunks) {
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
      ...(trajectory ? Object.values(trajectory) : []),
    ];
    return { json, text: text.join('\n') };
  });
}

/** A process's share of the chunks. */
export async function* sampleShard(name: string, flags: SampleFlags, context: CommandContext, shard: Shard) {
  const { engine, models, close } = await openModels([name], context);
  try {
    const { plan } = await samplePlan(models[0], flags, context);
    yield* generate(models[0].classifier, engine, plan, { first: shard.first + shard.index, every: shard.count });
  } finally {
    await close();
  }
}

/** The way of the first chunk's chains, walked again where the chunk itself was taken up from an earlier command. */
async function firstFrames(model: Classifier, engine: Engine, plan: GenerationPlan): Promise<readonly Frame[]> {
  const labels = plan.labels.slice(0, plan.chunk);
  for await (const { frames } of generate(model, engine, { ...plan, labels })) return frames;
  return [];
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
