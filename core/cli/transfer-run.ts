/** The work of `lowland metrics transfer`. */
import path from 'node:path';
import { attackMatrix } from '../figures/attack-matrix';
import { transferData } from '../figures/judged';
import { AppError } from '../lib/errors';
import { measureTransfer } from '../metrics/transfer';
import type { CommandContext, CommandResult } from './command';
import { measurePlan, percent, splitNamed, writeFigures } from './measured';
import { datasetFor, withModels } from './open-models';
import { provenanceOf } from './provenance';
import { textTable } from './table';
import type { TransferFlags } from './transfer';

export function runTransfer(
  names: readonly string[],
  flags: TransferFlags,
  context: CommandContext,
): Promise<CommandResult> {
  const splitName = splitNamed(flags.split);
  const [first, ...others] = names;
  if (first === undefined || others.length === 0)
    throw new AppError('USAGE', 'Transfer is between at least two models.', 'Name them all.');
  return withModels([first, ...others], context, async (engine, models) => {
    const data = await datasetFor(models[0], flags.data, context);
    const given = flags.eps ? { eps: flags.eps, ...context.set } : context.set;
    const plan = { ...measurePlan(flags, context, 'transfer'), attack: flags.attack, given };
    const result = await measureTransfer(engine, models, data.splits[splitName], plan);
    const { images, attack, options, clean, accuracy } = result;
    const about = {
      models: result.models,
      data: data.id,
      split: splitName,
      attack,
      options,
      images,
      seed: context.seed,
    };
    const svg = () => attackMatrix(transferData(result, provenanceOf(about)), 'light');
    const figures = context.out ? { figures: await writeFigures(path.resolve(context.out), [{ svg: svg() }]) } : {};
    const rows = result.models.map((name, j) => [
      name,
      percent(clean[j] ?? NaN),
      ...accuracy.map((row) => percent(row[j] ?? NaN)),
    ]);
    return {
      json: { ...about, engine: engine.id, clean, accuracy, ...figures },
      text: [
        `Accuracy of each row on ${images} ${splitName} images of ${data.id} under ${attack} on each column, eps ${Number(options.eps).toPrecision(3)}`,
        textTable(['', 'clean', ...result.models.map((name) => `on ${name}`)], rows),
      ].join('\n'),
    };
  });
}
