/** The work of `lowland metrics calibration`. */
import path from 'node:path';
import { calibrationData } from '../figures/judged';
import { reliabilityFigure } from '../figures/reliability';
import type { Calibration } from '../metrics/calibration';
import { measureCalibration } from '../metrics/measure-calibration';
import type { CommandContext, CommandResult } from './command';
import { type MeasureFlags, measurePlan, percent, splitNamed, writeFigures } from './measured';
import { datasetFor, withModels } from './open-models';
import { provenanceOf } from './provenance';
import { textTable } from './table';

export function runCalibration(name: string, flags: MeasureFlags, context: CommandContext): Promise<CommandResult> {
  const split = splitNamed(flags.split);
  return withModels([name], context, async (engine, [model]) => {
    const data = await datasetFor(model, flags.data, context);
    const plan = measurePlan(flags, context, 'calibration');
    const result = await measureCalibration(engine, model.classifier, data.splits[split], plan);
    const about = { model: model.name, data: data.id, split, images: result.images, seed: context.seed };
    const figure = calibrationData(result, { title: model.name, provenance: provenanceOf(about) });
    const figures = context.out
      ? { figures: await writeFigures(path.resolve(context.out), [{ svg: reliabilityFigure(figure, 'light') }]) }
      : {};
    const { scaling } = result;
    const rows = [
      line('all images', result),
      ...(scaling
        ? [
            line('judged half', scaling.before),
            line(`judged half, T = ${scaling.temperature.toPrecision(4)}`, scaling.after),
          ]
        : []),
    ];
    const edge = scaling?.atEdge
      ? ['The temperature is the end of what is looked at: the fitted half is all right, or its logits say nothing.']
      : [];
    return {
      json: { ...about, engine: engine.id, ...result, ...figures },
      text: [
        `${model.name} on ${result.images} ${split} images of ${data.id}`,
        textTable(['', 'accuracy', 'confidence', 'ECE-10', 'ECE-15', 'adaptive', 'Brier', 'NLL'], rows),
        ...edge,
      ].join('\n'),
    };
  });
}

const line = (title: string, of: Calibration): string[] => [
  title,
  percent(of.accuracy),
  percent(of.confidence),
  percent(of.ece10),
  percent(of.ece15),
  percent(of.adaptiveEce),
  of.brier.toFixed(4),
  of.nll.toFixed(4),
];
