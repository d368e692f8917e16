/**
 * The gradient of leaky ReLU as one op. Recorded, it is dy * (x > 0 ? 1 : alpha) with a detour for NaN, seven nodes and three passes
 * over memory. The features may be taken from the activation's result as well, whose sign is that of x: the convolution before it can
 * then be fused with its bias and activation, since nothing else wants what lies between.
 */
import { type Graph, type GraphNode, lookup, repeatedNumber, type } from '../graph';

export function fuseLeakyReluGradient(graph: Graph): Graph {
  const find = lookup(graph);
  const activated = new Map(
    graph.nodes.flatMap((node) =>
      node.op === 'LeakyRelu' && numberOf(node.attributes.alpha?.value) > 0
        ? [[`${node.inputs[0]} ${numberOf(node.attributes.alpha?.value)}`, `${node.name}:0`] as const]
        : [],
    ),
  );
  const fused = (node: GraphNode): GraphNode => {
    if (node.op !== 'Mul') return node;
    const [left = '', right = ''] = node.inputs;
    for (const [dy, slope] of [
      [left, right],
      [right, left],
    ] as const) {
      const step = slopeOf(find(slope), find);
      if (!step) continue;
      const features = activated.get(`${step.x} ${step.alpha}`) ?? step.x;
      const attributes = { T: node.attributes.T ?? type(1), alpha: { kind: 'float', value: step.alpha } as const };
      return { ...node, op: 'LeakyReluGrad', inputs: [dy, features], attributes };
    }
    return node;
  };
  return { ...graph, nodes: graph.nodes.map(fused) };
}

/** x and alpha where the node is Select(IsNan(x), x, Select(x > 0, 1, alpha)). */
function slopeOf(node: GraphNode, find: (value: string) => GraphNode): { x: string; alpha: number } | undefined {
  if (node.op !== 'Select') return undefined;
  const [isNan = '', x = '', inner = ''] = node.inputs;
  const [test, choice] = [find(isNan), find(inner)];
  if (test.op !== 'IsNan' || test.inputs[0] !== x || choice.op !== 'Select') return undefined;
  const [above = '', ones = '', below = ''] = choice.inputs;
  const greater = find(above);
  if (greater.op !== 'Greater' || greater.inputs[0] !== x || constant(greater.inputs[1], find) !== 0) return undefined;
  const alpha = constant(below, find);
  return constant(ones, find) === 1 && alpha !== undefined ? { x, alpha } : undefined;
}

/** The number that a constant or a fill repeats. */
function constant(value: string | undefined, find: (value: string) => GraphNode): number | undefined {
  if (value === undefined) return undefined;
  const node = find(value);
  if (node.op === 'Fill') return constant(node.inputs[1], find);
  return repeatedNumber(node);
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? Math.fround(value) : 0);
