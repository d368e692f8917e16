/** The work of `lowland attack`. */
import path from 'node:path';
import { budgetedOptions } from '../attacks/budgets';
import { attackRegistry } from '../attacks/registry';
import { splitNames } from '../data/dataset';
import { histogramFigure } from '../figures/histogram';
import { quiver } from '../figures/quiver';
import { writeAtomic } from '../lib/atomic';
import { key } from '../lib/key';
import { unknownName } from '../lib/nearest';
import { energyArrows } from '../metrics/energies';
import { type RobustnessResult, measureRobustness } from '../metrics/robustness';
import type { AttackFlags } from './attack';
import type { CommandContext, CommandResult } from './command';
import { datasetFor, withModels } from './open-models';

/** Arrows that a figure can hold. */
const ARROWS = 300;

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
    const plan = { attack, options, batch: flags.batch, signal: context.signal, onProgress };
    const random = engine.random(key(context.seed, 'attack'));
    const result = await measureRobustness(model.classifier, split, total, plan, random);
    const { images, clean, robust, energies, deltaEnergy } = result;
    const about = { model: model.name, data: data.id, split: splitName, attack: attack.id, options, images };
    const json = {
      ...about,
      seed: context.seed,
      engine: engine.id,
      clean,
      robust,
      meanEnergies: energies,
      deltaEnergy,
      ...(context.out ? { figures: await writeFigures(path.resolve(context.out), result, about) } : {}),
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

/** The arrows from clean to attacked energies as `out`, histograms of E(x) and E(x,y) beside it. */
async function writeFigures(
  out: string,
  { perImage: { clean, adversarial } }: RobustnessResult,
  about: object,
): Promise<string[]> {
  const provenance = Object.fromEntries(
    Object.entries(about).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
  const base = out.replace(/\.svg$/i, '');
  const histograms = [
    { name: 'marginal', xLabel: 'E(x), nats' },
    { name: 'joint', xLabel: 'E(x,y), nats' },
  ] as const;
  const files = [
    {
      file: `${base}.svg`,
      svg: quiver(
        { title: 'Energies under attack', arrows: energyArrows(clean, adversarial).slice(0, ARROWS), provenance },
        'light',
      ),
    },
    ...histograms.map(({ name, xLabel }) => {
      const series = [
        { label: 'clean', values: clean[name] },
        { label: 'adversarial', values: adversarial[name] },
      ];
      return {
        file: `${base}-${name}.svg`,
        svg: histogramFigure({ title: xLabel.replace(', nats', ''), xLabel, series, provenance }, 'light'),
      };
    }),
  ];
  for (const { file, svg } of files) await writeAtomic(file, svg);
  return files.map(({ file }) => file);
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`.padStart(9);
const nats = (energy: number) => energy.toFixed(3).padStart(9);
