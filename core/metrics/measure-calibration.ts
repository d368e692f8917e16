/** The calibration of a model on a split, as it is and after temperature scaling. */
import type { Split } from '../data/dataset';
import type { Compiler } from '../engine/engine';
import type { Classifier } from '../models/model';
import { type Calibration, calibrationOf } from './calibration';
import { measureLogits } from './logits';
import type { MeasurePlan } from './measure';
import { type TemperatureScaling, temperatureScaling } from './temperature';

export interface CalibrationResult extends Calibration {
  /** Found on one half of the images, judged on the other; null where there is only one. */
  readonly scaling: TemperatureScaling | null;
}

/** @throws AppError BAD_DATA for an empty split or logits that are not finite, CANCELLED. */
export async function measureCalibration(
  engine: Compiler,
  model: Classifier,
  split: Split,
  plan: MeasurePlan,
): Promise<CalibrationResult> {
  const predictions = await measureLogits(engine, model, split, plan);
  return { ...calibrationOf(predictions), scaling: temperatureScaling(predictions) ?? null };
}
