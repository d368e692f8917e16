/** Each rewrite on graphs small enough to see through. */
import { describe, expect, test } from 'vitest';
import { type Attribute, type Graph, type GraphNode, dataTypes, type } from '../../../core/engine/graph/graph';
import { asWritten } from '../../../core/engine/graph/rewrites/as-written';
import { inBfloat16 } from '../../../core/engine/graph/rewrites/bfloat16';
import { convolutionBias } from '../../../core/engine/graph/rewrites/bias';
import { fuseLeakyReluGradient } from '../../../core/engine/graph/rewrites/leaky-relu';
import { withoutDead, withoutDuplicates } from '../../../core/engine/graph/rewrites/prune';

const float = { T: type(dataTypes.float32) };
const map = [2, 4, 4, 8];

const node = (name: string, op: string, inputs: string[], attributes: Record<string, Attribute> = float, shape = map) =>
  ({
    name,
    op,
    inputs: inputs.map((input) => (input.includes(':') ? input : `${input}:0`)),
    control: [],
    attributes,
    outputs: [{ dtype: dataTypes.float32, shape }],
  }) satisfies GraphNode;

const constant = (name: string, value: number, shape: number[] = []) =>
  node(
    name,
    'Const',
    [],
    {
      dtype: type(dataTypes.float32),
      value: {
        kind: 'tensor',
        value: { dtype: dataTypes.float32, shape, bytes: new Uint8Array(Float32Array.of(value).buffer) },
      },
    },
    shape,
  );

const graph = (nodes: GraphNode[], more: Partial<Graph> = {}): Graph => ({
  nodes,
  feeds: {},
  variables: {},
  outputs: { out: `${nodes.at(-1)?.name}:0` },
  updates: {},
  ...more,
});
const names = ({ nodes }: Graph) => nodes.map(({ name }) => name);
const find = ({ nodes }: Graph, name: string) => nodes.find((each) => each.name === name);

describe('pruning', () => {
  test('drops what nothing needs, and keeps feeds, variables and what updates need', () => {
    const variable = { handle: 'handle', read: 'read' };
    const before = graph(
      [
        node('feed', 'Placeholder', []),
        node('handle', 'VarHandleOp', []),
        node('read', 'ReadVariableOp', ['handle']),
        node('dead', 'Neg', ['feed']),
        node('next', 'Neg', ['read']),
        node('out', 'Exp', ['read']),
      ],
      { feeds: { x: 'feed' }, variables: { w: variable }, updates: { w: 'next:0' } },
    );
    expect(names(withoutDead(before))).toEqual(['feed', 'handle', 'read', 'next', 'out']);
  });

  test('computes what is written twice once, through chains, and leaves feeds and reads apart', () => {
    const before = graph([
      node('a', 'Placeholder', []),
      node('b', 'Placeholder', []),
      node('first', 'Neg', ['a']),
      node('second', 'Neg', ['a']),
      node('other', 'Neg', ['b']),
      node('third', 'Exp', ['first']),
      node('fourth', 'Exp', ['second']),
      node('sum', 'Add', ['third', 'fourth']),
    ]);
    const after = withoutDuplicates(before);
    expect(names(after)).toEqual(['a', 'b', 'first', 'other', 'third', 'sum']);
    expect(find(after, 'sum')?.inputs).toEqual(['third:0', 'third:0']);
  });

  test('holds nodes with other attributes for others', () => {
    const twice = [
      node('a', 'Placeholder', []),
      node('b', 'LeakyRelu', ['a'], { ...float, alpha: { kind: 'float', value: 0.1 } }),
      node('c', 'LeakyRelu', ['a'], { ...float, alpha: { kind: 'float', value: 0.2 } }),
      node('sum', 'Add', ['b', 'c']),
    ];
    expect(names(withoutDuplicates(graph(twice)))).toEqual(['a', 'b', 'c', 'sum']);
  });

  test('reads a variable as often as it is read, and points outputs and updates at what is left', () => {
    const before = graph(
      [
        node('handle', 'VarHandleOp', []),
        node('read', 'ReadVariableOp', ['handle']),
        node('reread', 'ReadVariableOp', ['handle']),
        node('first', 'Neg', ['read']),
        node('second', 'Neg', ['read']),
      ],
      { outputs: { y: 'second:0' }, updates: { w: 'second:0' } },
    );
    const after = withoutDuplicates(before);
    expect(names(after)).toEqual(['handle', 'read', 'reread', 'first']);
    expect([after.outputs, after.updates]).toEqual([{ y: 'first:0' }, { w: 'first:0' }]);
  });
});

describe('the gradient of leaky ReLU', () => {
  /** dy * Select(IsNan(x), x, Select(x > limit, 1, alpha)) */
  const recorded = (
    limit = 0,
    order: [string, string] = ['dy', 'slope'],
    { above = 1, nan = 'x', greater = 'Greater' } = {},
  ) =>
    graph([
      node('x', 'Placeholder', []),
      node('dy', 'Placeholder', []),
      constant('limit', limit),
      constant('one', above, map),
      constant('alpha', 0.2, map),
      node('nan', 'IsNan', [nan]),
      node('above', greater, ['x', 'limit']),
      node('inner', 'Select', ['above', 'one', 'alpha']),
      node('slope', 'Select', ['nan', 'x', 'inner']),
      node('dx', 'Mul', order),
    ]);

  test.each([[['dy', 'slope']], [['slope', 'dy']]] as [[string, string]][])('is one op, written %s', (order) => {
    const dx = find(fuseLeakyReluGradient(recorded(0, order)), 'dx');
    expect(dx).toMatchObject({ op: 'LeakyReluGrad', inputs: ['dy:0', 'x:0'] });
    expect(dx?.attributes.alpha?.value).toBeCloseTo(0.2, 6);
  });

  test('takes its sign from the activation where there is one of the same slope', () => {
    const alpha = (value: number) => ({ ...float, alpha: { kind: 'float', value } as const });
    const { nodes, ...rest } = recorded();
    const withActivation = (value: number) => {
      const activation = node('act', 'LeakyRelu', ['x'], alpha(value));
      return find(
        fuseLeakyReluGradient({ ...rest, nodes: [...nodes.slice(0, 2), activation, ...nodes.slice(2)] }),
        'dx',
      );
    };
    expect(withActivation(0.2)?.inputs).toEqual(['dy:0', 'act:0']);
    expect(withActivation(0.1)?.inputs).toEqual(['dy:0', 'x:0']);
  });

  test('is left alone where the pattern is another', () => {
    const others = [recorded(0.5), recorded(0, undefined, { above: 2 }), recorded(0, undefined, { nan: 'dy' })];
    for (const other of [...others, recorded(0, undefined, { greater: 'GreaterEqual' })])
      expect(find(fuseLeakyReluGradient(other), 'dx')?.op).toBe('Mul');
  });
});

describe('the bias of a convolution', () => {
  const convolution = { ...float, data_format: { kind: 'string', value: 'NHWC' } as const };
  const biased = (width: number, op = 'Conv2D', order: [string, string] = ['conv', 'bias']) =>
    find(
      convolutionBias(
        graph([
          node('x', 'Placeholder', []),
          node('w', 'Placeholder', [], float, [3, 3, 8, 8]),
          node('bias', 'Placeholder', [], float, [width]),
          node('conv', op, ['x', 'w'], convolution),
          node('sum', 'Add', order),
        ]),
      ),
      'sum',
    );

  test('is a BiasAdd, whichever way it was added', () => {
    expect(biased(8)).toMatchObject({ op: 'BiasAdd', inputs: ['conv:0', 'bias:0'] });
    expect(biased(8, 'Conv2D', ['bias', 'conv'])).toMatchObject({ op: 'BiasAdd', inputs: ['conv:0', 'bias:0'] });
  });

  test('only after a convolution, and only one number for each channel', () => {
    expect(biased(1)?.op).toBe('Add');
    expect(biased(8, 'Relu')?.op).toBe('Add');
  });
});

describe('bfloat16', () => {
  const net = graph(
    [
      node('x', 'Placeholder', []),
      node('w', 'Placeholder', [], float, [3, 3, 8, 8]),
      node('b', 'Placeholder', [], float, [8]),
      node('conv', 'Conv2D', ['x', 'w']),
      node('biased', 'BiasAdd', ['conv', 'b']),
      node('act', 'LeakyRelu', ['biased']),
      node('again', 'Conv2D', ['act', 'w']),
      node('sum', 'Add', ['again', 'act']),
      node('noisy', 'Add', ['x', 'x']),
      node('energy', 'Sum', ['sum'], float, [2]),
      node('weight', 'Sub', ['w', 'w'], float, [3, 3, 8, 8]),
    ],
    { outputs: { map: 'sum:0', energy: 'energy:0' }, updates: { w: 'weight:0' } },
  );
  const typeOf = (after: Graph, name: string) => find(after, name)?.attributes.T?.value;

  test('computes products and what passes between them, and nothing else', () => {
    const after = inBfloat16(net);
    for (const name of ['conv', 'biased', 'act', 'again', 'sum'])
      expect([name, typeOf(after, name)]).toEqual([name, 14]);
    for (const name of ['noisy', 'energy', 'weight']) expect([name, typeOf(after, name)]).toEqual([name, 1]);
  });

  test('converts each value once, gives outputs and updates back in float32, and keeps an order that can run', () => {
    const after = inBfloat16(net);
    const casts = after.nodes
      .filter(({ op }) => op === 'Cast')
      .map(({ inputs, outputs }) => `${inputs[0]} ${outputs[0]?.dtype}`);
    expect(casts.sort()).toEqual(['b:0 14', 'sum:0 1', 'w:0 14', 'x:0 14']);
    const full = find(after, after.outputs.map?.replace(':0', '') ?? '');
    expect(full).toMatchObject({ op: 'Cast', inputs: ['sum:0'] });
    expect(find(after, 'energy')?.inputs).toEqual([after.outputs.map]);
    expect(after.updates).toEqual({ w: 'weight:0' });
    const made = new Set<string>();
    for (const { name, inputs } of after.nodes) {
      for (const input of inputs) expect(made).toContain(input.replace(':0', ''));
      made.add(name);
    }
  });

  test('leaves a region out that was not asked for', () => {
    const points = {
      ...net,
      nodes: net.nodes.map((each) => (each.name === 'conv' ? { ...each, region: 'points' as const } : each)),
    };
    const after = inBfloat16(points, 'points');
    expect([typeOf(after, 'conv'), typeOf(after, 'again')]).toEqual([14, 1]);
  });
});

describe('arithmetic as written', () => {
  const held = (nodes: GraphNode[], more: Partial<Graph> = {}) =>
    asWritten(graph([node('x', 'Placeholder', []), node('y', 'Placeholder', []), ...nodes], more))
      .nodes.filter(({ op }) => op === 'PlaceholderWithDefault')
      .map(({ inputs }) => inputs[0]);

  test.each([
    ['RealDiv', 3, true],
    ['RealDiv', 4, false],
    ['Mul', 0.9, true],
    ['Mul', -0.125, false],
    ['Mul', 0, false],
    ['Add', 1, true],
    ['Add', 0, false],
    ['Sub', 0.5, true],
    ['Maximum', 3, false],
  ])('%s with %d: the constant is held apart: %s', (op, value, wanted) => {
    const found = [['x', 'c'], ['c', 'x']].map((inputs) => held([constant('c', value), node('out', op, inputs)])); // prettier-ignore
    expect(found).toEqual(wanted ? [['c:0'], ['c:0']] : [[], []]);
  });

  test.each([
    ['Add', 'AddV2'],
    ['Sub', 'Add'],
    ['Mul', 'Mul'],
    ['Mul', 'RealDiv'],
  ])('a result of %s that only %s reads is held apart; one read elsewhere too is safe', (first, second) => {
    const chain = [node('inner', first, ['x', 'y']), node('out', second, ['inner', 'y'])];
    expect(held(chain)).toEqual(['inner:0']);
    expect(held([...chain, node('more', 'Neg', ['inner'])])).toEqual([]);
    expect(held(chain, { outputs: { inner: 'inner:0', out: 'out:0' } })).toEqual([]);
    expect(held([node('inner', 'Mul', ['x', 'y']), node('out', 'Add', ['inner', 'y'])])).toEqual([]);
  });

  test('holds a constant once, before its first use, and leaves bfloat16 alone', () => {
    const thirds = [constant('c', 3), node('a', 'Mul', ['x', 'c']), node('b', 'RealDiv', ['y', 'c'])];
    const after = asWritten(graph([node('x', 'Placeholder', []), node('y', 'Placeholder', []), ...thirds]));
    expect(after.nodes.map(({ op }) => op)).toEqual([
      'Placeholder',
      'Placeholder',
      'Const',
      'PlaceholderWithDefault',
      'Mul',
      'RealDiv',
    ]);
    expect([find(after, 'a')?.inputs[1], find(after, 'b')?.inputs[1]]).toEqual(['held_0:0', 'held_0:0']);
    expect(held([constant('c', 3), node('a', 'Mul', ['x', 'c'], { T: type(dataTypes.bfloat16) })])).toEqual([]);
  });
});
