/**
 * Records a step: tfjs's native backend sends every op through its binding, and the recorder stands in the binding's place while the
 * step goes through once, without computing. Tensors that were handed to the recorder become symbols; whatever the step makes out of
 * plain numbers becomes a constant; anything else that it reaches for is an error, since the graph would hold on to a value that may change.
 */
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { AppError } from '../../lib/errors';
import { currentRegion } from '../region';
import { repaired } from './attributes';
import { type Attribute, type GraphNode, dataTypes } from './graph';
import { Shapes, dataDependent } from './shapes';

/** The step cannot be recorded; its message ends the sentence 'The step runs op by op, since …'. */
export class CaptureError extends AppError {
  constructor(why: string, cause?: unknown) {
    super('ENGINE', why, 'Pass it to the step as an input.', cause);
  }
}

/** What the recorder needs of the backend's inner methods. */
type Internals = {
  binding: TFJSBinding;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(metadata: { id: number; shape: number[]; dtype: number }): Tensor;
  write(values: unknown, shape: number[], dtype: string): object;
};
export const internals = (backend: NodeJSKernelBackend): Internals => backend as unknown as Internals;

/** A larger constant of unequal values is data or host randomness, not a part of the method. */
const largestConstant = 64;

type Value = GraphNode['outputs'][number] & { readonly symbol: string };
/** Numbers that the step made, one standing for all where they are alike. */
type Made = { readonly shape: readonly number[]; readonly dtype: number; readonly values: ArrayLike<number> };

export class Recorder {
  readonly nodes: GraphNode[] = [];
  /** Symbols by the binding's tensor ids. */
  readonly #values = new Map<number, Value>();
  readonly #constants = new Map<string, string>();
  readonly #made = new Map<number, Made>();
  /** Data that belongs to the recording: handed in, made or computed in it. */
  readonly #own = new WeakSet<object>();
  readonly #kinds: ReadonlyMap<number, 'type' | 'int' | 'float' | 'bool' | 'string' | 'shape'>;
  readonly #shapes: Shapes;
  /** Tensors that are not there: what ops would have computed, and large constants. */
  #nextId = -1;
  readonly #binding: TFJSBinding;

  constructor(private readonly backend: NodeJSKernelBackend) {
    const b = (this.#binding = backend.binding);
    this.#shapes = new Shapes(b);
    this.#kinds = new Map([
      [b.TF_ATTR_TYPE, 'type'],
      [b.TF_ATTR_INT, 'int'],
      [b.TF_ATTR_FLOAT, 'float'],
      [b.TF_ATTR_BOOL, 'bool'],
      [b.TF_ATTR_STRING, 'string'],
      [b.TF_ATTR_SHAPE, 'shape'],
    ]);
  }

  /**
   * A tensor that stands for `symbol` in what is recorded from here on, for the step to be given: the one passed in, or a new one
   * where that one's memory stands for another symbol already (a clone among the state).
   */
  hand(given: Tensor, symbol: string): Tensor {
    if (given.dtype === 'string') throw new CaptureError('it is given a tensor of strings');
    const idOf = (tensor: Tensor) => internals(this.backend).getInputTensorIds([tensor])[0] ?? -1;
    const tensor = this.#values.has(idOf(given)) ? this.backend.executeSingleInput('Identity', given) : given;
    this.#own.add(tensor.dataId);
    this.#values.set(idOf(tensor), { symbol, dtype: this.backend.getDTypeInteger(tensor.dtype), shape: tensor.shape });
    return tensor;
  }

  /** The symbol of a tensor that the step handed back. */
  symbolOf(tensor: Tensor): string {
    this.#check(tensor);
    const [id] = internals(this.backend).getInputTensorIds([tensor]);
    return this.#value(id ?? -1).symbol;
  }

  /** Runs `body` with the recorder between the backend and its binding. */
  record<T>(body: () => T): T {
    const inner = internals(this.backend);
    const { getInputTensorIds, createOutputTensor, write } = inner;
    inner.binding = Object.create(this.#binding, Object.getOwnPropertyDescriptors(this.#stand())) as TFJSBinding;
    inner.getInputTensorIds = (tensors) => {
      for (const tensor of tensors) this.#check(tensor);
      return getInputTensorIds.call(inner, tensors);
    };
    inner.createOutputTensor = (metadata) => {
      const tensor = createOutputTensor.call(inner, metadata);
      this.#own.add(tensor.dataId);
      return tensor;
    };
    inner.write = (values, shape, dtype) => {
      const id = write.call(inner, values, shape, dtype);
      this.#own.add(id);
      return id;
    };
    try {
      return body();
    } finally {
      inner.binding = this.#binding;
      this.#shapes.dispose();
      Object.assign(inner, { getInputTensorIds, createOutputTensor, write });
    }
  }

  #stand(): Partial<TFJSBinding> {
    return {
      executeOp: (op, attributes, inputs, count) => {
        const values = inputs.map((id) => this.#value(id));
        const node: Omit<GraphNode, 'outputs'> = {
          name: `${op}_${this.nodes.length}`,
          op,
          inputs: values.map(({ symbol }) => symbol),
          control: [],
          attributes: repaired(
            op,
            this.#attributes(attributes),
            values.map(({ dtype }) => dtype),
          ),
        };
        const outputs = this.outputsOf(op, () => {
          const operands = values.map((value, i) => ({ ...value, constant: this.#constantOf(inputs[i] ?? 0, value) }));
          return this.#shapes.of(op, attributes, operands, count);
        });
        this.add({ ...node, outputs, region: currentRegion() });
        return outputs.map(({ dtype, shape }, i) => {
          const id = this.#nextId--;
          this.#values.set(id, { symbol: `${node.name}:${i}`, dtype, shape });
          return { id, dtype, shape: [...shape] };
        });
      },
      createTensor: (shape, dtype, given) => {
        if (dtype === dataTypes.string) throw new CaptureError('it makes a tensor of strings');
        const all = given as ArrayLike<number>;
        const alike = isUniform(all);
        const id = all.length > largestConstant ? this.#nextId-- : this.#binding.createTensor(shape, dtype, given);
        if (!alike && id < 0)
          throw new CaptureError(
            `it makes ${all.length} unequal numbers [${shape.join(', ')}] on the host (${all[0]}, ${all[1]}, …)`,
          );
        const values = alike ? [all[0] ?? 0] : Array.from(all);
        this.#made.set(id, { shape: [...shape], dtype, values });
        return id;
      },
      tensorDataSync: () => {
        throw new CaptureError('it reads a value back');
      },
      deleteTensor: (id) => {
        if (id >= 0) this.#binding.deleteTensor(id);
      },
    };
  }

  /** Types and shapes of an op's results. */
  protected outputsOf(op: string, find: () => GraphNode['outputs']): GraphNode['outputs'] {
    if (dataDependent.has(op)) throw new CaptureError(`the shape of what ${op} gives depends on its data`);
    return find();
  }

  protected add(node: GraphNode): void {
    this.nodes.push(node);
  }

  #check({ dataId, shape, dtype }: TensorInfo): void {
    if (typeof dataId === 'object' && !this.#own.has(dataId))
      throw new CaptureError(`it uses a ${dtype} tensor [${shape.join(', ')}] that was made outside of it`);
  }

  #value(id: number): Value {
    const known = this.#values.get(id);
    if (known) return known;
    const made = this.#made.get(id);
    if (!made) throw new CaptureError('it uses a tensor that was made outside of it');
    const value = { symbol: this.#constant(made), dtype: made.dtype, shape: made.shape };
    this.#values.set(id, value);
    return value;
  }

  /** Small constants are there, and may decide on shapes. */
  #constantOf(id: number, { symbol }: Value): { symbol: string; id: number } | undefined {
    return id >= 0 && this.#made.has(id) ? { symbol, id } : undefined;
  }

  /** Equal constants are one node. */
  #constant({ shape, dtype, values }: Made): string {
    const bytes = bytesOf(values, dtype);
    const same = `${dtype} ${shape.join()} ${Buffer.from(bytes).toString('base64')}`;
    const there = this.#constants.get(same);
    if (there) return there;
    const node: GraphNode = {
      name: `Const_${this.nodes.length}`,
      op: 'Const',
      inputs: [],
      control: [],
      attributes: {
        dtype: { kind: 'type', value: dtype },
        value: { kind: 'tensor', value: { dtype, shape, bytes } },
      },
      outputs: [{ dtype, shape }],
    };
    this.add(node);
    this.#constants.set(same, `${node.name}:0`);
    return `${node.name}:0`;
  }

  #attributes(given: readonly TFEOpAttr[]): Record<string, Attribute> {
    return Object.fromEntries(given.map(({ name, type, value }) => [name, this.#attribute(type, value)]));
  }

  #attribute(code: number, value: TFEOpAttr['value']): Attribute {
    const kind = this.#kinds.get(code);
    switch (kind) {
      case 'bool':
        return { kind, value: Boolean(value) };
      case 'string':
        return { kind, value: String(value) };
      case 'shape':
        return { kind, value: value as unknown as number[] };
      case 'int':
        return Array.isArray(value)
          ? { kind: 'ints', value: value.map((n) => Math.trunc(Number(n))) }
          : { kind, value: Math.trunc(Number(value)) };
      case 'float':
        return Array.isArray(value) ? { kind: 'floats', value: value.map(Number) } : { kind, value: Number(value) };
      case 'type':
        return { kind, value: Number(value) };
      default:
        throw new CaptureError(`an op has an attribute of the unknown kind ${code}`);
    }
  }
}

function isUniform(values: ArrayLike<number>): boolean {
  const first = values[0];
  if (first === undefined) return false;
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return false;
  return true;
}

function bytesOf(values: ArrayLike<number>, dtype: number): Uint8Array {
  const typed =
    dtype === dataTypes.float32
      ? Float32Array.from(values)
      : dtype === dataTypes.bool
        ? Uint8Array.from(values, Number)
        : Int32Array.from(values);
  return new Uint8Array(typed.buffer);
}
