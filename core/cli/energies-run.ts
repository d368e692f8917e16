/** The work of `lowland metrics energies`. */
import path from 'node:path';
import { histogramFigure } from '../figures/histogram';
import { AppError } from '../lib/errors';
import { unknownName } from '../lib/nearest';
import { parseNumber } from '../lib/options';
import { type FactCheck, type FactId, factIds } from '../metrics/energy-facts';
import { type EnergyResult, measureEnergies } from '../metrics/measure-energies';
import type { CommandContext, CommandResult } from './command';
import type { EnergiesFlags } from './energies';
import { measurePlan, percent, splitNamed, writeFigures } from './measured';
import { datasetFor, withModels } from './open-models';
import { provenanceOf } from './provenance';
import { textTable } from './table';

export function runEnergies(name: string, flags: EnergiesFlags, context: CommandContext): Promise<CommandResult> {
  const split = splitNamed(flags.split);
  const facts = factsNamed(flags.facts);
  const eps = flags.eps ? parseNumber(flags.eps) : undefined;
  if (eps !== undefined && !(eps > 0 && eps < Infinity))
    throw new AppError('BAD_OPTION', `--eps is '${flags.eps}'; a radius is above 0.`, "Give it as '8/255'.");
  return withModels([name], context, async (engine, [model]) => {
    const data = await datasetFor(model, flags.data, context);
    const plan = { ...measurePlan(flags, context, 'energies'), facts, ...(eps === undefined ? {} : { eps }) };
    const { perImage, ...result } = await measureEnergies(engine, model.classifier, data.splits[split], plan);
    const images = Math.min(flags.n, data.splits[split].size);
    const about = { model: model.name, data: data.id, split, images, seed: context.seed };
    const figures = context.out
      ? { figures: await writeFigures(path.resolve(context.out), histograms(model.name, perImage, about)) }
      : {};
    const rows = result.attacks.map(({ id, robust, marginal, joint }) => [
      id,
      percent(robust),
      ...[marginal.clean, marginal.adversarial, marginal.change, joint.change].map((value) => value.toFixed(3)),
    ]);
    const said = result.facts.map(({ sentence, verdict, checks, why }) =>
      [`${verdict}: ${sentence}`, ...(why ? [why] : []), ...checks.map(checkText)].join(' '),
    );
    return {
      json: { ...about, engine: engine.id, ...result, ...figures },
      text: [
        `${model.name} on ${images} ${split} images of ${data.id}; energies in nats`,
        textTable(['attack', 'robust', 'E(x)', 'attacked', 'change', 'change of E(x,y)'], rows),
        ...said,
      ].join('\n'),
    };
  });
}

const checkText = ({ quantity, change, standardError, from, to, reason }: FactCheck): string => {
  const [low, high] = [from?.toFixed(3), to?.toFixed(3)];
  const wanted = low && high ? `${low} to ${high}` : low ? `above ${low}` : `below ${high ?? ''}`;
  return `${quantity} changes by ${change.toFixed(3)} ± ${standardError.toFixed(3)}, asked is ${wanted} (${reason}).`;
};

function factsNamed(given: string): readonly FactId[] {
  const names = given
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  if (names.length === 0) return factIds;
  return names.map((name) => {
    const found = factIds.find((id) => id === name);
    if (!found) throw unknownName('fact', name, factIds);
    return found;
  });
}

/** E(x) and E(x,y) over clean and attacked images, for each attack. */
function histograms(model: string, perImage: EnergyResult['perImage'], about: object) {
  const provenance = provenanceOf(about);
  return factIds.flatMap((id) => {
    const energies = perImage[id];
    if (!energies) return [];
    return (['marginal', 'joint'] as const).map((name) => {
      const xLabel = name === 'marginal' ? 'E(x), nats' : 'E(x,y), nats';
      const series = [
        { label: 'clean', values: energies.clean[name] },
        { label: 'adversarial', values: energies.adversarial[name] },
      ];
      const svg = histogramFigure({ title: `${model} under ${id}`, xLabel, series, provenance }, 'light');
      return { name: `${id}-${name}`, svg };
    });
  });
}
