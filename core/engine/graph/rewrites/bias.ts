/** The bias of a convolution as BiasAdd, which TensorFlow fuses with the convolution; recorded, it is a broadcast sum. */
import { type Graph, type GraphNode, lookup, outputOf } from '../graph';

export function convolutionBias(graph: Graph): Graph {
  const find = lookup(graph);
  const rankOf = (value: string) => outputOf(find(value), value)?.shape.length;
  const biased = (node: GraphNode): GraphNode => {
    const [left = '', right = ''] = node.inputs;
    if ((node.op !== 'Add' && node.op !== 'AddV2') || node.control.length > 0) return node;
    for (const [sum, bias] of [
      [left, right],
      [right, left],
    ] as const) {
      const nhwc = find(sum).attributes.data_format?.value === 'NHWC';
      if (find(sum).op !== 'Conv2D' || !nhwc || rankOf(bias) !== 1) continue;
      const width = outputOf(find(bias), bias)?.shape[0];
      if (width !== outputOf(node, `${node.name}:0`)?.shape.at(-1)) continue;
      const attributes = { ...node.attributes, data_format: { kind: 'string', value: 'NHWC' } as const };
      return { ...node, op: 'BiasAdd', inputs: [sum, bias], attributes };
    }
    return node;
  };
  return { ...graph, nodes: graph.nodes.map(biased) };
}
