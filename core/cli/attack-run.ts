/** The work of `lowland attack`. */
import path from 'node:path';
import { budgetedOptions } from '../attacks/budgets';
import { attackRegistry } from '../attacks/registry';
import { splitNames } from '../data/dataset';
import { key } from '../lib/key';
import { unknownName } from '../lib/nearest';
import { compileRobustness, measureRobustness } from '../metrics/robustness';
import type { AttackFlags } from './attack';
import { writeAttackFigures } from './attack-figure';
import type { CommandContext, CommandResult } from './command';
import { datasetFor, withModels } from './open-models';

export function runAttack(name: string, flags: AttackFlags, context: CommandContext): Promise<CommandResult> {
  const attack = attackRegistry.get(flags.attack);
  const splitName = splitNames.find((known) => known === flags.split);
  if (!splitName) throw unknownName('split', flags.split, splitNames);
  return withModels([name], context, async (engine, [model]) => {
    const data = await datasetFor(model, flags.data, context);
    const given = flags.eps ? { eps: flags.eps, ...context.set } : context.set;
    const options = budgetedOptions(attack, given, model.classifier.inputShape[2]);
    const split = data.splits[splitName];
    const total = Math.min(flags.n, split.size);
    const onProgress = (done: number) => context.progress.update(attack.title, done, total, 'images');
    const { precision = 'float32', signal } = context;
    const calls = Math.ceil(total / flags.batch);
    const step = compileRobustness(engine, model.classifier, { attack, options }, { precision, calls });
    const plan = { images: total, batch: flags.batch, signal, onProgress };
    const result = await measureRobustness(step, split, plan, key(context.seed, 'attack')).finally(() =>
      step.dispose(),
    );
    const { images, clean, robust, energies, deltaEnergy } = result;
    const about = { model: model.name, data: data.id, split: splitName, attack: attack.id, options, images };
    const { out, seed } = context;
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

const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`.padStart(9);
const nats = (energy: number) => energy.toFixed(3).padStart(9);
