/**
 * A TensorFlow graph as plain data: what a recorded step is, and what the rewrites turn into one another. A value is referred to as
 * 'node:output', an order without a value as the node's name in `control`.
 */

import type { Region } from '../region';

/** TensorFlow's numbers for element types (types.proto). */
export const dataTypes = { float32: 1, int32: 3, string: 7, int64: 9, bool: 10, bfloat16: 14, resource: 20 } as const;

export interface TensorValue {
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Little endian, row by row; a single element stands for all. */
  readonly bytes: Uint8Array;
}

export type Attribute =
  | { readonly kind: 'type' | 'int' | 'float'; readonly value: number }
  | { readonly kind: 'ints' | 'floats' | 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: TensorValue };

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly control: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Of each output. */
  readonly outputs: readonly { readonly dtype: number; readonly shape: readonly number[] }[];
  /** The part of the step that it belongs to, where that has a name. */
  readonly region?: Region | undefined;
}

export interface Graph {
  /** Producers before consumers. */
  readonly nodes: readonly GraphNode[];
  /** Placeholder of each fed tensor by its name. */
  readonly feeds: Readonly<Record<string, string>>;
  /** The resource variable of each state tensor by its name: its handle's node and the node that reads it. */
  readonly variables: Readonly<Record<string, { readonly handle: string; readonly read: string }>>;
  /** The value of each output, and the new value of each state tensor that changes. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly updates: Readonly<Record<string, string>>;
}

export const type = (value: number): Attribute => ({ kind: 'type', value });

/** The name of the node that makes a value, and which of its outputs the value is. */
export function producer(value: string): { node: string; output: number } {
  const colon = value.lastIndexOf(':');
  return { node: value.slice(0, colon), output: Number(value.slice(colon + 1)) };
}

/** Finds the node that makes a value. */
export function lookup({ nodes }: Graph): (value: string) => GraphNode {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return (value) => {
    const node = byName.get(producer(value).node);
    if (!node) throw new Error(`the graph has no node for '${value}'`);
    return node;
  };
}

/** Element type and shape of a value. */
export const outputOf = (node: GraphNode, value: string): GraphNode['outputs'][number] | undefined =>
  node.outputs[producer(value).output];

/** The number that a float32 constant repeats, if it does. */
export function repeatedNumber({ op, attributes: { value } }: GraphNode): number | undefined {
  if (op !== 'Const' || value?.kind !== 'tensor' || value.value.bytes.length !== 4) return undefined;
  const { bytes } = value.value;
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
}
