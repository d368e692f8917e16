/** The work of `lowland metrics curve`. */
import path from 'node:path';
import { budgetFor } from '../attacks/budgets';
import { curveData } from '../figures/judged';
import { robustnessCurve } from '../figures/robustness-curve';
import { AppError } from '../lib/errors';
import { parseNumber } from '../lib/options';
import { measureCurve } from '../metrics/curve';
import type { CommandContext, CommandResult } from './command';
import type { CurveFlags } from './curve';
import { measurePlan, percent, splitNamed, writeFigures } from './measured';
import { datasetFor, withModels } from './open-models';
import { provenanceOf } from './provenance';
import { textTable } from './table';

/** Of the customary radius. */
const usual = [1 / 8, 1 / 4, 1 / 2, 1, 2];

export function runCurve(name: string, flags: CurveFlags, context: CommandContext): Promise<CommandResult> {
  const split = splitNamed(flags.split);
  const { norm } = flags;
  const asked = flags.eps.split(',').filter((each) => each.trim() !== '');
  for (const each of asked)
    if (!(parseNumber(each) > 0 && parseNumber(each) < Infinity))
      throw new AppError('BAD_OPTION', `--eps holds '${each}'; a radius is above 0.`, "Give radii as '2/255,8/255'.");
  return withModels([name], context, async (engine, [model]) => {
    const data = await datasetFor(model, flags.data, context);
    const customary = budgetFor(data.shape[2], norm).eps;
    const eps = asked.length > 0 ? asked.map(parseNumber) : usual.map((share) => share * customary);
    const attacks = flags.attacks
      .split(',')
      .filter((each) => each.trim() !== '')
      .map((each) => ({ attack: each.trim(), given: context.set }));
    const plan = { ...measurePlan(flags, context, 'curve'), attacks, eps, norm };
    const result = await measureCurve(engine, model.classifier, data.splits[split], plan);
    const about = {
      model: model.name,
      data: data.id,
      split,
      images: result.images,
      seed: context.seed,
      set: context.set,
    };
    const svg = () => robustnessCurve(curveData(model.name, result, provenanceOf(about)), 'light');
    const figures = context.out ? { figures: await writeFigures(path.resolve(context.out), [{ svg: svg() }]) } : {};
    const rows = result.eps.map((radius, k) => [
      radius.toPrecision(3),
      ...result.attacks.map(({ accuracy }) => percent(accuracy[k] ?? NaN)),
      percent(result.worst[k] ?? NaN),
    ]);
    return {
      json: { ...about, engine: engine.id, ...result, ...figures },
      text: [
        `${model.name} on ${result.images} ${split} images of ${data.id}, ${norm}; clean ${percent(result.clean)}`,
        textTable(['eps', ...result.attacks.map(({ title }) => title), 'worst case'], rows),
      ].join('\n'),
    };
  });
}
