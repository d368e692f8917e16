/**
 * Mixed precision: convolutions, their gradients and matrix products in bfloat16, and so is what only passes between them
 * (activations, biases, residual sums). Everything else keeps float32: energies, losses, projections, noise, optimiser, weights.
 */
import type { Region } from '../../region';
import { type Graph, type GraphNode, dataTypes, lookup, outputOf, type } from '../graph';

/** Which inputs of an op are converted. */
const products: Readonly<Record<string, readonly number[]>> = {
  Conv2D: [0, 1],
  Conv2DBackpropInput: [1, 2],
  Conv2DBackpropFilter: [0, 2],
  MatMul: [0, 1],
  BatchMatMulV2: [0, 1],
};
/** Ops that take the precision of what they are given, on feature maps. */
const passing: Readonly<Record<string, readonly number[]>> = {
  LeakyRelu: [0],
  LeakyReluGrad: [0, 1],
  Relu: [0],
  ReluGrad: [0, 1],
  BiasAdd: [0, 1],
  Add: [0, 1],
  AddV2: [0, 1],
};

/** @param only the part of the step to convert; all of it when not given */
export function inBfloat16(graph: Graph, only?: Region): Graph {
  const find = lookup(graph);
  const half = new Set<string>();
  const nodes: GraphNode[] = [];
  const casts = new Map<string, string>();

  const cast = (value: string, to: number): string => {
    const key = `${to} ${value}`;
    const there = casts.get(key);
    if (there !== undefined) return there;
    const from = to === dataTypes.bfloat16 ? dataTypes.float32 : dataTypes.bfloat16;
    const name = `${to === dataTypes.bfloat16 ? 'half' : 'full'}_${casts.size}`;
    const shape = outputOf(find(value), value)?.shape ?? [];
    nodes.push({
      name,
      op: 'Cast',
      inputs: [value],
      control: [],
      attributes: { SrcT: type(from), DstT: type(to) },
      outputs: [{ dtype: to, shape }],
    });
    casts.set(key, `${name}:0`);
    return `${name}:0`;
  };
  const full = (value: string) => (half.has(value) ? cast(value, dataTypes.float32) : value);
  const halved = (value: string) => (half.has(value) ? value : cast(value, dataTypes.bfloat16));

  for (const node of graph.nodes) {
    const converted = only === undefined || node.region === only ? convertedInputs(node, half, find) : undefined;
    if (!converted) {
      nodes.push({ ...node, inputs: node.inputs.map(full) });
      continue;
    }
    const inputs = node.inputs.map((value, i) => (converted.includes(i) ? halved(value) : full(value)));
    const outputs = node.outputs.map(({ shape }) => ({ dtype: dataTypes.bfloat16, shape }));
    nodes.push({ ...node, inputs, outputs, attributes: { ...node.attributes, T: type(dataTypes.bfloat16) } });
    half.add(`${node.name}:0`);
  }
  const each = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, full(value)]));
  return { ...graph, outputs: each(graph.outputs), updates: each(graph.updates), nodes };
}

/** The inputs to convert, where the node is to compute in bfloat16. */
function convertedInputs(
  node: GraphNode,
  half: ReadonlySet<string>,
  find: (value: string) => GraphNode,
): readonly number[] | undefined {
  if (node.attributes.T?.value !== dataTypes.float32) return undefined;
  const product = products[node.op];
  if (product) return product;
  const pass = passing[node.op];
  const map = node.outputs[0]?.shape.length === 4;
  if (!pass || !map) return undefined;
  const maps = pass
    .map((i) => node.inputs[i] ?? '')
    .filter((value) => {
      const { shape = [] } = outputOf(find(value), value) ?? {};
      return shape.length === 4;
    });
  return maps.every((value) => half.has(value)) ? pass : undefined;
}
