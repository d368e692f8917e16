/**
 * Float32 arithmetic as it was written. TensorFlow's own rewrites divide by a constant c as times 1/c, join the constants of two
 * products or sums, and regroup chains of either, which rounds otherwise than op by op. A placeholder with a default in between is a
 * value that they leave alone. (They also turn some powers into products and divide by a root otherwise: no step here does.)
 */
import { type Graph, type GraphNode, dataTypes, lookup, outputOf, repeatedNumber, type } from '../graph';

/** Ops that may be joined with others of their family. */
const families: Readonly<Record<string, 'sum' | 'product'>> = {
  Add: 'sum',
  AddV2: 'sum',
  Sub: 'sum',
  Mul: 'product',
  RealDiv: 'product',
};

export function asWritten(graph: Graph): Graph {
  const find = lookup(graph);
  const readers = countReaders(graph);
  const held = new Map<string, string>();
  const nodes: GraphNode[] = [];
  const hold = (value: string): string => {
    const there = held.get(value);
    if (there !== undefined) return there;
    const name = `held_${held.size}`;
    const { dtype = 0, shape = [] } = outputOf(find(value), value) ?? {};
    const attributes = { dtype: type(dtype), shape: { kind: 'shape', value: shape } } as const;
    const outputs = [{ dtype, shape }];
    nodes.push({ name, op: 'PlaceholderWithDefault', inputs: [value], control: [], attributes, outputs });
    held.set(value, `${name}:0`);
    return `${name}:0`;
  };
  const isRewritten = (node: GraphNode, value: string): boolean => {
    const [from, family] = [find(value), families[node.op]];
    if (family === undefined) return false;
    if (families[from.op] === family && readers.get(value) === 1) return true;
    const constant = repeatedNumber(from);
    return constant !== undefined && constant !== 0 && (family === 'sum' || !isPowerOfTwo(constant));
  };
  for (const node of graph.nodes) {
    const float = node.attributes.T?.value === dataTypes.float32;
    const inputs = node.inputs.map((value) => (float && isRewritten(node, value) ? hold(value) : value));
    nodes.push({ ...node, inputs });
  }
  return { ...graph, nodes };
}

function countReaders({ nodes, outputs, updates }: Graph): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const values = [...nodes.flatMap(({ inputs }) => inputs), ...Object.values(outputs), ...Object.values(updates)];
  for (const value of values) readers.set(value, (readers.get(value) ?? 0) + 1);
  return readers;
}

/** Products with it are exact. */
const isPowerOfTwo = (factor: number): boolean => 2 ** Math.round(Math.log2(Math.abs(factor))) === Math.abs(factor);
