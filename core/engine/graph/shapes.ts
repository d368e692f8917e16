/**
 * The shapes of an op's results, found without its data: the op runs once on zeros for each combination of attributes, input shapes and
 * constants. So a step is recorded at the price of its few different ops, in the memory of one of each.
 */
import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { type GraphNode, dataTypes } from './graph';

type Output = GraphNode['outputs'][number];
/** An input by its type and shape, or a constant by its tensor. */
export interface Operand extends Output {
  /** Equal for equal constants; undefined for what is computed. */
  readonly constant?: { readonly symbol: string; readonly id: number } | undefined;
}

/** Ops whose results' shapes depend on the data. */
export const dataDependent = new Set(['Where', 'Unique', 'UniqueV2', 'NonMaxSuppressionV5', 'BooleanMask']);

export class Shapes {
  readonly #zeros = new Map<string, number>();
  readonly #known = new Map<string, readonly Output[]>();

  constructor(private readonly binding: TFJSBinding) {}

  /** @throws what TensorFlow throws for inputs that do not fit. */
  of(op: string, attributes: TFEOpAttr[], operands: readonly Operand[], count: number): readonly Output[] {
    const key = JSON.stringify([
      op,
      attributes.map(({ name, value }) => [name, value]),
      operands.map(({ dtype, shape, constant }) => constant?.symbol ?? [dtype, shape]),
    ]);
    const known = this.#known.get(key);
    if (known) return known;
    const inputs = operands.map((operand) => operand.constant?.id ?? this.#zero(operand));
    const made = this.binding.executeOp(op, attributes, inputs, count);
    for (const { id } of made) this.binding.deleteTensor(id);
    const outputs = made.map(({ dtype, shape }) => ({ dtype, shape }));
    this.#known.set(key, outputs);
    return outputs;
  }

  /** Frees the zeros. */
  dispose(): void {
    for (const id of this.#zeros.values()) this.binding.deleteTensor(id);
    this.#zeros.clear();
  }

  #zero({ dtype, shape }: Output): number {
    const key = `${dtype} ${shape.join()}`;
    const there = this.#zeros.get(key);
    if (there !== undefined) return there;
    const size = shape.reduce((product, n) => product * n, 1);
    const values =
      dtype === dataTypes.float32
        ? new Float32Array(size)
        : dtype === dataTypes.bool
          ? new Uint8Array(size)
          : new Int32Array(size);
    const id = this.binding.createTensor([...shape], dtype, values);
    this.#zeros.set(key, id);
    return id;
  }
}
