/** Dead and duplicate nodes: what no output needs goes, and what was computed before is taken from there. */
import { type Attribute, type Graph, type GraphNode, producer } from '../graph';

/** Ops whose result is not a function of their inputs alone. */
const impure = new Set(['Placeholder', 'VarHandleOp', 'ReadVariableOp']);

/** Keeps what outputs and updates need, and all feeds and variables. */
export function withoutDead(graph: Graph): Graph {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const needed = new Set<string>();
  const waiting = [
    ...Object.values(graph.outputs).map((value) => producer(value).node),
    ...Object.values(graph.updates).map((value) => producer(value).node),
    ...Object.values(graph.feeds),
    ...Object.values(graph.variables).flatMap(({ handle, read }) => [handle, read]),
  ];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const node = byName.get(name);
    waiting.push(...(node?.control ?? []), ...(node?.inputs ?? []).map((value) => producer(value).node));
  }
  return { ...graph, nodes: graph.nodes.filter(({ name }) => needed.has(name)) };
}

/** Two nodes of one op, with equal inputs and attributes, are one. */
export function withoutDuplicates(graph: Graph): Graph {
  const seen = new Map<string, string>();
  const renamed = new Map<string, string>();
  const rename = (value: string): string => {
    const { node, output } = producer(value);
    const other = renamed.get(node);
    return other === undefined ? value : `${other}:${output}`;
  };
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(rename);
    const same = impure.has(node.op) ? node.name : identity({ ...node, inputs });
    const there = seen.get(same);
    if (there !== undefined) renamed.set(node.name, there);
    else {
      seen.set(same, node.name);
      nodes.push({ ...node, inputs });
    }
  }
  const each = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rename(value)]));
  return { ...graph, nodes, outputs: each(graph.outputs), updates: each(graph.updates) };
}

const identity = ({ op, inputs, control, attributes }: GraphNode): string =>
  JSON.stringify([op, inputs, control, Object.entries(attributes).map(([name, value]) => [name, written(value)])]);

const written = (attribute: Attribute): unknown =>
  attribute.kind === 'tensor'
    ? [attribute.value.dtype, attribute.value.shape, Buffer.from(attribute.value.bytes).toString('base64')]
    : attribute.value;
