/** One image before and after an attack, with what the model makes of both. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { budgetedOptions } from '../../../attacks/budgets';
import { perturbationSize } from '../../../attacks/perturb';
import { attackRegistry } from '../../../attacks/registry';
import type { AttackPreview } from '../../../contract/areas/models';
import type { CheckedInputOf } from '../../../contract/contract';
import type { Api } from '../../../contract/api';
import type { CompileOptions, Engine } from '../../../engine/engine';
import { AppError } from '../../../lib/errors';
import { key } from '../../../lib/key';
import { compileWith } from '../../../models/model';
import type { OpenModel } from '../desk';

type Wanted = CheckedInputOf<Api['models.attack']>;

/** @throws AppError UNKNOWN_NAME, BAD_OPTION for the attack; BAD_DATA when the image does not fit the model. */
export async function attackPreview(
  { name, classes, classifier }: OpenModel,
  { pixels, label }: { readonly pixels: Float32Array; readonly label: number },
  { attack, options: given, target, seed }: Pick<Wanted, 'attack' | 'options' | 'target' | 'seed'>,
  engine: Engine,
  compile: CompileOptions,
): Promise<AttackPreview> {
  const shape = classifier.inputShape;
  if (pixels.length !== shape[0] * shape[1] * shape[2])
    throw new AppError(
      'BAD_DATA',
      `The image has ${pixels.length} values; '${name}' takes ${shape.join(' × ')}.`,
      'Choose another model or image.',
    );
  const entry = attackRegistry.get(attack);
  const options = budgetedOptions(entry, given, shape[2]);
  const wanted = options.targeted === true ? target : label;
  if (wanted === undefined || wanted >= classifier.classes)
    throw new AppError(
      'BAD_OPTION',
      wanted === undefined
        ? 'A targeted attack needs a class to aim at.'
        : `There is no class ${wanted}; '${name}' has ${classifier.classes}.`,
      'Choose one of its classes.',
    );
  const step = compileWith(
    engine,
    classifier,
    (model, { x, y }: { x: Tensor4D; y: Tensor1D }, random) => {
      const adversarial = entry.run(model, x, y, options, random);
      const [linf, l2] = [perturbationSize(x, adversarial, 'linf'), perturbationSize(x, adversarial, 'l2')];
      return { adversarial, clean: model.logits(x), attacked: model.logits(adversarial), linf, l2 };
    },
    { ...compile, calls: 1 },
  );
  const inputs = { x: tf.tensor4d(pixels, [1, ...shape]), y: tf.tensor1d([wanted], 'int32') };
  try {
    const made: Record<string, Tensor4D | Tensor2D | Tensor1D> = step.run(inputs, key(seed, `attack/${attack}`));
    try {
      const read = async (of: string) => (await made[of]?.data<'float32'>())?.slice() ?? new Float32Array();
      return {
        shape,
        classes,
        label,
        clean: pixels,
        adversarial: await read('adversarial'),
        cleanLogits: await read('clean'),
        adversarialLogits: await read('attacked'),
        linf: (await read('linf'))[0] ?? NaN,
        l2: (await read('l2'))[0] ?? NaN,
        options,
      };
    } finally {
      tf.dispose(made);
    }
  } finally {
    tf.dispose(inputs);
    step.dispose();
  }
}
