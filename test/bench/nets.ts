/** The nets that the bench times, by name, with the cost of a forward pass counted from their convolutions and linear layers. */
import type { ImageShape } from '../../core/data/dataset';
import { AppError } from '../../core/lib/errors';
import type { Model, Parameter } from '../../core/models/model';
import { buildModel } from '../../core/models/registry';

export const usualNets = ['convnet', 'wrn-16-1', 'wrn-16-2', 'wrn-16-4', 'wrn-28-10', 'resnet-18'] as const;

const grey: ImageShape = [28, 28, 1];
const colour: ImageShape = [32, 32, 3];

/** 'convnet' on grey 28 x 28 images; 'wrn-d-k' without norm and 'resnet-18' with batch norm on 32 x 32 x 3 ones. @throws AppError USAGE. */
export function benchNet(name: string): Model {
  if (name === 'convnet') return buildModel('convnet', {}, grey, 10);
  if (name === 'resnet-18') return buildModel('resnet18', {}, colour, 10);
  const [, depth, width] = /^wrn-(\d+)-(\d+)$/.exec(name) ?? [];
  if (!depth || !width)
    throw new AppError(
      'USAGE',
      `There is no model '${name}' to time.`,
      `Known: ${usualNets.join(', ')} and every wrn-depth-width.`,
    );
  return buildModel('wrn', { depth: Number(depth), width: Number(width) }, colour, 10);
}

/** GFLOP of one forward pass of one image: two for each multiply-add of convolutions and linear layers. */
export const forwardGflop = (model: Model): number =>
  model.parameters.reduce((total, parameter) => total + flop(parameter, model), 0) / 1e9;

function flop({ name, shape }: Parameter, model: Model): number {
  if (shape.length !== 2 && shape.length !== 4) return 0;
  const weights = 2 * shape.reduce((product, n) => product * n, 1);
  return shape.length === 2 ? weights : weights * outputSize(name, model) ** 2;
}

/** Height of a convolution's output: stages of residual nets halve it from the second on, the convnet's layers by their strides. */
function outputSize(name: string, { architecture, inputShape, options }: Model): number {
  const [height] = inputShape;
  if (architecture === 'convnet') {
    const strides = options.strides as readonly number[];
    const layer = Number(/^conv(\d+)/.exec(name)?.[1] ?? 1);
    return strides.slice(0, layer).reduce((size, stride) => Math.ceil(size / stride), height);
  }
  const stage = Number(/^(?:block|layer)(\d+)\./.exec(name)?.[1] ?? 1);
  return height / 2 ** (stage - 1);
}
