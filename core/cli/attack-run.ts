/** The work of `lowland attack`. */
import path from 'node:path';
import { budgetedOptions } from '../attacks/budgets';
import { attackRegistry } from '../attacks/registry';
import { splitNames } from '../data/dataset';
import { key } from '../lib/key';
import { watched } from '../lib/watched';
import { unknownName } from '../lib/nearest';
import type { Engine } from '../engine/engine';
import { type AttackedBatch, attackedBatches, batchesOf, compileRobustness, robustnessOf } from '../metrics/robustness';
import type { AttackFlags } from './attack';
import { writeAttackFigures } from './attack-figure';
import { type CommandContext, type CommandResult, compileOptions } from './command';
import { type OpenModel, datasetFor, openModels, withModels } from './open-models';
import { type Shard, jobContext, processesFor, sharded } from './shards';

export function runAttack(name: string, flags: AttackFlags, context: CommandContext): Promise<CommandResult> {
  return withModels([name], context, async (engine, [model]) => {
    const { data, split, splitName, attack, options, plan, step, at } = await attackPlan(engine, model, flags, context);
    const count = processesFor(engine, batchesOf(split, plan));
    const job = { kind: 'attack', model: name, flags, context: jobContext(context, engine) } as const;
    const batches =
      count > 1
        ? sharded<AttackedBatch>(job, { first: 0, count }, context.signal)
        : attackedBatches(step, split, plan, at);
    const total = Math.min(plan.images, split.size);
    const result = await robustnessOf(
      watched(batches, ({ from, count: n }) => context.progress.update(attack.title, from + n, total, 'images')),
    ).finally(() => step.dispose());
    const { images, clean, robust, energies, deltaEnergy } = result;
    const about = { model: model.name, data: data.id, split: splitName, attack: attack.id, options, images };
    const { out, seed, precision = 'float32' } = context;
    const labels = Array.from(split.labels.subarray(0, images), (label) => data.classes[label] ?? String(label));
    const json = {
      ...about,
      seed,
      engine: engine.id,
      precision,
      clean,
      robust,
      meanEnergies: energies,
      deltaEnergy,
      ...(out ? { figures: await writeAttackFigures(path.resolve(out), result, labels, about) } : {}),
    };
    const lines = [
      `${model.name} on ${images} ${splitName} images of ${data.id}, ${attack.title}, ${String(options.norm)} eps ${Number(options.eps).toPrecision(3)}`,
      `accuracy      clean ${percent(clean)}   attacked ${percent(robust)}`,
      `mean E(x)     clean ${nats(energies.clean)}   attacked ${nats(energies.adversarial)}`,
      `mean E(x,y)   clean ${nats(energies.jointClean)}   attacked ${nats(energies.jointAdversarial)}`,
    ];
    return { json, text: lines.join('\n') };
  });
}

/** A process's share of the batches. */
export async function* attackShard(name: string, flags: AttackFlags, context: CommandContext, shard: Shard) {
  const { engine, models, close } = await openModels([name], context);
  try {
    const { split, plan, step, at } = await attackPlan(engine, models[0], flags, context);
    yield* attackedBatches(step, split, plan, at, { first: shard.index, every: shard.count });
    step.dispose();
  } finally {
    await close();
  }
}

/** From the flags to what is attacked and how. */
async function attackPlan(engine: Engine, model: OpenModel, flags: AttackFlags, context: CommandContext) {
  const attack = attackRegistry.get(flags.attack);
  const splitName = splitNames.find((known) => known === flags.split);
  if (!splitName) throw unknownName('split', flags.split, splitNames);
  const data = await datasetFor(model, flags.data, context);
  const given = flags.eps ? { eps: flags.eps, ...context.set } : context.set;
  const options = budgetedOptions(attack, given, model.classifier.inputShape[2]);
  const split = data.splits[splitName];
  const { signal, seed } = context;
  const plan = { images: flags.n, batch: flags.batch, signal };
  const compile = { ...compileOptions(context), calls: batchesOf(split, plan) };
  const step = compileRobustness(engine, model.classifier, { attack, options }, compile);
  return { data, split, splitName, attack, options, plan, step, at: key(seed, 'attack') };
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`.padStart(9);
const nats = (energy: number) => energy.toFixed(3).padStart(9);
