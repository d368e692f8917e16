/**
 * A network described by its layers, one after the other, for small nets that others trained: convolutions, linear layers, activations,
 * batch norm, pooling, residual blocks. The description is JSON; names are those of the weights in the file.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { AppError } from '../lib/errors';
import { text } from '../lib/options';
import { type Activation, activationLayer } from './activations';
import { convolution, convolved } from './convolution';
import { type Layer, flatten, globalMean, joined, linear, sequence, sum } from './layers';
import { defineModel } from './model';
import { network } from './network';
import { normalisationOptions } from './normalisation';
import { batchNorm } from './norms';

const name = v.pipe(v.string(), v.regex(/^[\w.]{1,100}$/));
const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const kernel = whole(1, 15);
const stride = v.optional(whole(1, 8), 1);

const convSchema = v.strictObject({
  type: v.literal('conv'),
  name,
  out: whole(1, 4096),
  kernel,
  stride,
  padding: v.optional(whole(0, 15), 0),
  bias: v.optional(v.boolean(), true),
});
const plainSchemas = [
  convSchema,
  /** Without `out`, one value for each class. */
  v.strictObject({ type: v.literal('linear'), name, out: v.optional(whole(1, 65_536)) }),
  v.strictObject({ type: v.literal('batchnorm'), name }),
  v.strictObject({ type: v.picklist(['relu', 'leaky-relu', 'silu', 'flatten', 'globalmean']) }),
  v.strictObject({ type: v.literal('avgpool'), kernel, stride }),
] as const;
type PlainSpec = v.InferOutput<(typeof plainSchemas)[number]>;
/** relu(body(x) + shortcut(x)); without a shortcut x itself is added. */
interface ResidualSpec {
  readonly type: 'residual';
  readonly body: readonly LayerSpec[];
  readonly shortcut: readonly LayerSpec[];
}
export type LayerSpec = PlainSpec | ResidualSpec;

const layerSchema: v.GenericSchema<unknown, LayerSpec> = v.lazy(() =>
  v.union([
    ...plainSchemas,
    v.strictObject({
      type: v.literal('residual'),
      body: v.pipe(v.array(layerSchema), v.minLength(1), v.maxLength(32)),
      shortcut: v.optional(v.pipe(v.array(layerSchema), v.maxLength(8)), []),
    }),
  ]),
);
const layersSchema = v.pipe(v.array(layerSchema), v.minLength(1), v.maxLength(256));

/** @throws AppError BAD_OPTION naming the first layer that is wrong. */
export function parseLayers(json: string): LayerSpec[] {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), layersSchema), json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new AppError(
    'BAD_OPTION',
    `sequential.layers is not valid at '${v.getDotPath(issue) ?? 'its top'}': ${issue.message}.`,
    'See assets/architectures for examples.',
  );
}

/** [height, width, channels], or [features] once flat. */
type Size = readonly [number, number, number] | readonly [number];
type AnyLayer = Layer<Tensor, Tensor>;
interface Built {
  readonly layer: AnyLayer;
  readonly size: Size;
}

const wrong = (what: string) => new AppError('BAD_OPTION', `sequential.layers: ${what}.`);
const activations: readonly string[] = ['relu', 'leaky-relu', 'silu'];
const isActivation = (type: string): type is Activation => activations.includes(type);

function build(spec: LayerSpec, size: Size, classes: number): Built {
  switch (spec.type) {
    case 'conv': {
      const [height, width, channels] = image(size, `'${spec.name}'`);
      const plan = { ...spec, inputs: channels, outputs: spec.out };
      const after = [convolved(height, plan), convolved(width, plan), spec.out] as const;
      if (after[0] < 1 || after[1] < 1) throw wrong(`'${spec.name}' is larger than its image of ${height} x ${width}`);
      return { layer: asAny(convolution(spec.name, plan)), size: after };
    }
    case 'linear': {
      if (size.length !== 1) throw wrong(`'${spec.name}' comes before 'flatten'`);
      const out = spec.out ?? classes;
      return { layer: asAny(linear(spec.name, size[0], out)), size: [out] };
    }
    case 'batchnorm':
      return { layer: asAny(batchNorm(spec.name, image(size, `'${spec.name}'`)[2])), size };
    case 'flatten': {
      const [height, width, channels] = image(size, "'flatten'");
      return { layer: asAny(flatten), size: [height * width * channels] };
    }
    case 'globalmean':
      return { layer: asAny(globalMean), size: [image(size, "'globalmean'")[2]] };
    case 'avgpool': {
      const [height, width, channels] = image(size, "'avgpool'");
      const after = [convolved(height, spec), convolved(width, spec), channels] as const;
      if (after[0] < 1 || after[1] < 1) throw wrong(`'avgpool' is larger than its image of ${height} x ${width}`);
      return { layer: asAny(averagePool(spec.kernel, spec.stride)), size: after };
    }
    case 'residual':
      return residual(spec, size, classes);
    default:
      if (!isActivation(spec.type)) throw wrong(`'${spec.type}' is no layer`);
      return { layer: activationLayer(spec.type), size };
  }
}

function residual({ body, shortcut }: ResidualSpec, size: Size, classes: number): Built {
  const [main, side] = [chain(body, size, classes), chain(shortcut, size, classes)];
  if (main.size.join() !== side.size.join())
    throw wrong(`a residual block adds ${main.size.join(' x ')} and ${side.size.join(' x ')}`);
  return { size: main.size, layer: joined(sum(main.layer, side.layer), activationLayer('relu')) };
}

function chain(specs: readonly LayerSpec[], start: Size, classes: number): Built {
  let size = start;
  const layers = specs.map((spec) => {
    const built = build(spec, size, classes);
    size = built.size;
    return built.layer;
  });
  return { size, layer: sequence(layers) };
}

function image(size: Size, what: string): readonly [number, number, number] {
  if (size.length === 3) return size;
  throw wrong(`${what} comes after 'flatten'`);
}

/** A layer whose kind of tensor the chain has checked by its size. */
const asAny = <In extends Tensor, Out extends Tensor>({ apply, ...layer }: Layer<In, Out>): AnyLayer => ({
  ...layer,
  apply: (x, weights, mode) => apply(x as In, weights, mode),
});

const averagePool = (kernel: number, stride: number): Layer => ({
  parameters: [],
  apply: (x) => tf.avgPool(x, kernel, stride, 'valid'),
  write: (x, graph) => graph.node('AveragePool', [x], { kernel_shape: [kernel, kernel], strides: [stride, stride] }),
});

export const sequential = defineModel({
  id: 'sequential',
  title: 'Layers by description',
  summary: 'Any chain of convolutions, linear layers, batch norms, pools and residual blocks, described in JSON.',
  reference: 'assets/architectures',
  options: {
    layers: text(
      '[{"type":"flatten"},{"type":"linear","name":"linear"}]',
      'The layers as a JSON list; names are those of the weights.',
    ),
    ...normalisationOptions,
  },
  build(options, inputShape, classes) {
    const { layer, size } = chain(parseLayers(options.layers), inputShape, classes);
    if (size.length !== 1 || size[0] !== classes)
      throw wrong(`they end in ${size.join(' x ')} values, and there are ${classes} classes`);
    const names = layer.parameters.map(({ name: own }) => own);
    const twice = names.find((own, i) => names.indexOf(own) !== i);
    if (twice) throw wrong(`two layers have the weight '${twice}'`);
    return network({
      architecture: 'sequential',
      options,
      inputShape,
      classes,
      body: {
        ...layer,
        apply: (x, weights, mode) => layer.apply(x, weights, mode) as Tensor2D,
      },
    });
  },
});
