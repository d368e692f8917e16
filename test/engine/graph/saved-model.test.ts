/** What TensorFlow is given, read back field by field (saved_model.proto, graph.proto, attr_value.proto, tensor.proto). */
import { expect, test } from 'vitest';
import { type Attribute, type GraphNode, dataTypes } from '../../../core/engine/graph/graph';
import { savedModel } from '../../../core/engine/graph/saved-model';
import { type Fields, fieldsOf, float, integers, messages, texts } from './proto';

const node = (name: string, attributes: Record<string, Attribute>, more: Partial<GraphNode> = {}): GraphNode => ({
  name,
  op: 'Const',
  inputs: [],
  control: [],
  attributes,
  outputs: [],
  ...more,
});

function written(...nodes: GraphNode[]): { meta: Fields; nodes: Fields[] } {
  const file = fieldsOf(savedModel(nodes, '2.21.0'));
  const [metaGraph] = messages(file, 2);
  if (!metaGraph) throw new Error('no meta graph');
  const [meta, graph] = [messages(metaGraph, 1)[0], messages(metaGraph, 2)[0]];
  if (!meta || !graph) throw new Error('no graph');
  return { meta, nodes: messages(graph, 1) };
}

const attributesOf = (fields: Fields | undefined): Record<string, Fields> =>
  Object.fromEntries(messages(fields ?? new Map(), 5).map((entry) => [texts(entry, 1)[0], messages(entry, 2)[0]]));

test('is one meta graph that serves, with nodes, their inputs and what they wait for', () => {
  const { meta, nodes } = written(node('a', {}), node('b', {}, { op: 'Identity', inputs: ['a:0'], control: ['c'] }));
  expect(texts(meta, 4)).toEqual(['serve']);
  expect(nodes.map((each) => [texts(each, 1)[0], texts(each, 2)[0], texts(each, 3)])).toEqual([
    ['a', 'Const', []],
    ['b', 'Identity', ['a:0', '^c']],
  ]);
});

test('holds attributes of every kind, negative numbers too', () => {
  const { nodes } = written(
    node('a', {
      T: { kind: 'type', value: dataTypes.bfloat16 },
      axis: { kind: 'int', value: -1 },
      alpha: { kind: 'float', value: 0.25 },
      keep: { kind: 'bool', value: true },
      padding: { kind: 'string', value: 'SAME' },
      shape: { kind: 'shape', value: [2, 300] },
      strides: { kind: 'ints', value: [1, -2, 2 ** 40] },
      rates: { kind: 'floats', value: [0.5, -0.5] },
    }),
  );
  const found = attributesOf(nodes[0]);
  const of = (name: string): Fields => found[name] ?? new Map();
  expect(integers(of('T'), 6)).toEqual([14]);
  expect(integers(of('axis'), 3)).toEqual([-1]);
  expect(float(of('alpha'), 4)).toBe(0.25);
  expect(integers(of('keep'), 5)).toEqual([1]);
  expect(texts(of('padding'), 2)).toEqual(['SAME']);
  expect(messages(messages(of('shape'), 7)[0] ?? new Map(), 2).map((axis) => integers(axis, 1)[0])).toEqual([2, 300]);
  expect(integers(messages(of('strides'), 1)[0] ?? new Map(), 3)).toEqual([1, -2, 2 ** 40]);
  expect(float(messages(of('rates'), 1)[0] ?? new Map(), 4)).toBe(0.5);
});

test('holds constants: one number for all elements in its own field, many as they are', () => {
  const tensor = (dtype: number, shape: number[], bytes: Uint8Array): Record<string, Attribute> => ({
    value: { kind: 'tensor', value: { dtype, shape, bytes } },
  });
  const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
  const { nodes } = written(
    node('one', tensor(dataTypes.float32, [1000], floats(-1.5))),
    node('whole', tensor(dataTypes.int32, [3], new Uint8Array(Int32Array.of(-7).buffer))),
    node('truth', tensor(dataTypes.bool, [], Uint8Array.of(1))),
    node('many', tensor(dataTypes.float32, [2], floats(1, 2))),
  );
  const [one, whole, truth, many] = nodes.map(
    (each) => messages(attributesOf(each).value ?? new Map(), 8)[0] ?? new Map(),
  );
  expect([float(one ?? new Map(), 5), one?.has(4)]).toEqual([-1.5, false]);
  expect(integers(whole ?? new Map(), 7)).toEqual([-7]);
  expect(integers(truth ?? new Map(), 11)).toEqual([1]);
  expect(many?.get(4)).toEqual([floats(1, 2)]);
});
