/**
 * A model as an ONNX file (IR 8, opset 17): images [n, c, h, w] in [0,1] to logits [n, classes], its normalisation inside. Weights are
 * initializers in PyTorch's names and layouts. Field numbers are those of onnx.proto3.
 */
import { AppError } from '../../lib/errors';
import { bytesField, floatField, integerField, message } from '../../lib/protobuf';
import { checkFit } from '../fit';
import type { Model } from '../model';
import type { RawTensor } from '../safetensors';
import type { Attributes, Graph } from './graph';

const versions = { ir: 8, opset: 17 };
const types = { float: 1, int64: 7 };
/** Of a protobuf message. */
const mostBytes = 2 ** 31 - 1;

/**
 * @param tensors the weights in the layout of files
 * @throws AppError BAD_WEIGHTS where they are not the model's, FAILED for more than the 2 GiB that an ONNX file can have
 */
export function encodeOnnx(
  model: Model,
  tensors: Readonly<Record<string, RawTensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  checkFit(model, tensors, 'the weights to be exported');
  const numbers = Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
  if (4 * numbers + 2 ** 20 > mostBytes)
    throw new AppError('FAILED', `An ONNX file has at most 2 GiB; these are ${numbers} weights.`);
  const writer = new Writer();
  for (const { name } of model.parameters) {
    const tensor = tensors[name];
    if (tensor) writer.initializer(name, tensor.shape, types.float, bytesOf(Float32Array.from(tensor.data)));
  }
  const last = writer.operator('Identity', [model.write('input', writer)], 'logits');
  const [height, width, channels] = model.inputShape;
  const graph = message(
    ...writer.nodes,
    bytesField(2, model.architecture),
    ...writer.initializers,
    bytesField(11, valueInfo('input', [channels, height, width])),
    bytesField(12, valueInfo(last, [model.classes])),
  );
  return message(
    integerField(1, versions.ir),
    bytesField(2, 'lowland'),
    bytesField(7, graph),
    bytesField(8, message(bytesField(1, ''), integerField(2, versions.opset))),
    ...Object.entries(metadata).map(([key, value]) =>
      bytesField(14, message(bytesField(1, key), bytesField(2, value))),
    ),
  );
}

class Writer implements Graph {
  readonly nodes: Uint8Array[] = [];
  readonly initializers: Uint8Array[] = [];

  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.operator(operator, inputs, `/${operator}_${this.nodes.length}`, attributes);
  }

  operator(operator: string, inputs: readonly string[], output: string, attributes: Attributes = {}): string {
    const node = message(
      ...inputs.map((input) => bytesField(1, input)),
      bytesField(2, output),
      bytesField(3, output),
      bytesField(4, operator),
      ...Object.entries(attributes).map(([name, value]) => bytesField(5, attribute(name, value))),
    );
    this.nodes.push(bytesField(1, node));
    return output;
  }

  floats(shape: readonly number[], values: readonly number[]): string {
    return this.#constant(shape, types.float, bytesOf(Float32Array.from(values)));
  }

  integers(values: readonly number[]): string {
    return this.#constant([values.length], types.int64, bytesOf(BigInt64Array.from(values, BigInt)));
  }

  initializer(name: string, shape: readonly number[], type: number, raw: Uint8Array): void {
    const tensor = message(
      ...shape.map((size) => integerField(1, size)),
      integerField(2, type),
      bytesField(8, name),
      bytesField(9, raw),
    );
    this.initializers.push(bytesField(5, tensor));
  }

  #constant(shape: readonly number[], type: number, raw: Uint8Array): string {
    const name = `/constant_${this.initializers.length}`;
    this.initializer(name, shape, type, raw);
    return name;
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** AttributeProto: a float, an int, or ints. */
function attribute(name: string, value: number | readonly number[]): Uint8Array {
  if (typeof value !== 'number')
    return message(bytesField(1, name), ...value.map((each) => integerField(8, each)), integerField(20, 7));
  if (name === 'epsilon' || name === 'alpha')
    return message(bytesField(1, name), floatField(2, value), integerField(20, 1));
  return message(bytesField(1, name), integerField(3, value), integerField(20, 2));
}

/** A float tensor [n, …sizes]. */
function valueInfo(name: string, sizes: readonly number[]): Uint8Array {
  const dims = [bytesField(2, 'n'), ...sizes.map((size) => integerField(1, size))];
  const shape = message(...dims.map((dim) => bytesField(1, dim)));
  const tensor = message(integerField(1, types.float), bytesField(2, shape));
  return message(bytesField(1, name), bytesField(2, message(bytesField(1, tensor))));
}
