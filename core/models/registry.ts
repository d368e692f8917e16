/** The architectures, by id, and how to build one from untrusted options. */
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import { resolve } from '../lib/options';
import { Registry } from '../lib/registry';
import { convnet } from './convnet';
import { dmPreactResnet18 } from './dm-preact-resnet18';
import { dmWrn } from './dm-wrn';
import { mlp } from './mlp';
import type { Model, ModelEntry } from './model';
import { preactResnet18 } from './preact-resnet18';
import { resnet18 } from './resnet18';
import { resnet50 } from './resnet50';
import { sequential } from './sequential';
import { wrn } from './wrn';

export const modelRegistry = new Registry<ModelEntry>('architecture', [
  convnet,
  mlp,
  wrn,
  dmWrn,
  resnet18,
  resnet50,
  preactResnet18,
  dmPreactResnet18,
  sequential,
]);

/**
 * A model of the named architecture; its `options` are the resolved ones.
 * @throws AppError UNKNOWN_NAME or BAD_OPTION, naming what is wrong; BAD_DATA for an impossible input shape or class count.
 */
export function buildModel(
  architecture: string,
  options: Readonly<Record<string, unknown>>,
  inputShape: ImageShape,
  classes: number,
): Model {
  const entry = modelRegistry.get(architecture);
  const whole = (n: number, max: number) => Number.isInteger(n) && n >= 1 && n <= max;
  if (inputShape.length !== 3 || !inputShape.every((n) => whole(n, 4096)))
    throw new AppError('BAD_DATA', `No model takes images of ${inputShape.join(' x ')}.`);
  if (!whole(classes, 100_000)) throw new AppError('BAD_DATA', `No model has ${classes} classes.`);
  return entry.build(resolve(entry.options, options, architecture), inputShape, classes);
}
