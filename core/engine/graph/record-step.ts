/** One call of a step as a graph: inputs become placeholders, state becomes resource variables, random streams become seeds to be fed. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import { type Key, later } from '../../lib/key';
import type { NamedTensors, Step } from '../engine';
import { type SeedOf, nativeRandom, seedTensor } from '../tensorflow-random';
import { type Attribute, type Graph, type GraphNode, dataTypes, type } from './graph';
import type { Recorder } from './recorder';

export interface Recording {
  /** What the step did, in order. */
  readonly nodes: readonly GraphNode[];
  readonly graph: Graph;
  /** What the step draws from, in order. */
  readonly draws: readonly Draw[];
}

/** A stream below the key of a call, or of the one that comes `ahead` calls later. */
interface Draw {
  readonly ahead: number;
  readonly below: string;
}
/** Stands for the key of a call while a step is recorded. */
const anyCall = '#/0';
const drawOf = (stream: string): Draw => {
  const [, ahead, below = ''] = /^#\/(\d+)(.*)$/s.exec(stream) ?? [];
  return { ahead: Number(ahead), below };
};
/** The key of a draw in a call with this key. */
export const drawnKey = (call: Key, { ahead, below }: Draw): Key => {
  const at = later(call, ahead);
  return { ...at, stream: at.stream + below };
};

/** The feed of the seeds, beside the step's inputs. */
export const keyFeed = '(key)';

type Output = GraphNode['outputs'][number];

const source = (
  name: string,
  op: string,
  attributes: Record<string, Attribute>,
  outputs: readonly Output[],
  inputs: readonly string[] = [],
): GraphNode => ({ name, op, inputs, control: [], attributes, outputs });

const shaped = ({ dtype, shape }: Output): Record<string, Attribute> => ({
  dtype: type(dtype),
  shape: { kind: 'shape', value: shape },
});

const placeholder = (name: string, output: Output): GraphNode => source(name, 'Placeholder', shaped(output), [output]);

/** A variable's handle and the node that reads it. */
const variable = (i: number, output: Output): readonly GraphNode[] => [
  source(
    `handle/${i}`,
    'VarHandleOp',
    {
      ...shaped(output),
      shared_name: { kind: 'string', value: `state/${i}` },
      container: { kind: 'string', value: '' },
    },
    [{ dtype: dataTypes.resource, shape: [] }],
  ),
  source(`state/${i}`, 'ReadVariableOp', { dtype: type(output.dtype) }, [output], [`handle/${i}:0`]),
];

/** The seeds [n, 2] that a call feeds, as n pairs. */
function seedNodes(n: number): GraphNode[] {
  if (n === 0) return [];
  const attributes: Record<string, Attribute> = {
    T: type(dataTypes.int32),
    num: { kind: 'int', value: n },
    axis: { kind: 'int', value: 0 },
  };
  const pairs = Array.from({ length: n }, () => ({ dtype: dataTypes.int32, shape: [2] }));
  return [
    placeholder('key', { dtype: dataTypes.int32, shape: [n, 2] }),
    source('seeds', 'Unpack', attributes, pairs, ['key:0']),
  ];
}

/** Runs the step once under the recorder, and throws away what it computes. @throws CaptureError, and what the step throws. */
export function recordStep<S extends NamedTensors, I extends NamedTensors, O extends NamedTensors>(
  recorder: Recorder,
  backend: NodeJSKernelBackend,
  step: Step<S, I, O>,
  { state, inputs, key }: { state: S; inputs: I; key: Key },
): Recording {
  const output = ({ dtype, shape }: Tensor): Output => ({ dtype: backend.getDTypeInteger(dtype), shape });
  const handed = <T extends NamedTensors>(tensors: T, node: string): T =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor], i) => [name, recorder.hand(tensor, `${node}/${i}:0`)]),
    ) as T;
  const draws: Draw[] = [];
  const seeds: SeedOf = (drawn) => recorder.hand(seedTensor(drawn), `seeds:${draws.push(drawOf(drawn.stream)) - 1}`);
  const symbols = tf.tidy(() => {
    const given = { state: handed(state, 'state'), inputs: handed(inputs, 'feed') };
    const own = new Set([...Object.values(given.state), ...Object.values(given.inputs)]);
    return recorder.record(() =>
      tf.tidy(() => {
        const made = step(given.state, given.inputs, nativeRandom(backend, seeds)({ ...key, stream: anyCall }));
        const named = (tensors: NamedTensors) =>
          Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, recorder.symbolOf(tensor)]));
        const found = { state: named(made.state), outputs: named(made.outputs) };
        for (const tensor of [...Object.values(made.state), ...Object.values(made.outputs)])
          if (!own.has(tensor)) tensor.dispose();
        return found;
      }),
    );
  });
  const numbered = <T>(tensors: NamedTensors, each: (i: number) => T) =>
    Object.fromEntries(Object.keys(tensors).map((name, i) => [name, each(i)]));
  const feeds = numbered(inputs, (i) => `feed/${i}`);
  const graph: Graph = {
    nodes: [
      ...Object.values(inputs).map((tensor, i) => placeholder(`feed/${i}`, output(tensor))),
      ...Object.values(state).flatMap((tensor, i) => variable(i, output(tensor))),
      ...seedNodes(draws.length),
      ...recorder.nodes,
    ],
    feeds: draws.length > 0 ? { ...feeds, [keyFeed]: 'key' } : feeds,
    variables: numbered(state, (i) => ({ handle: `handle/${i}`, read: `state/${i}` })),
    outputs: symbols.outputs,
    updates: Object.fromEntries(
      Object.keys(state).flatMap((name, i) => {
        const value = symbols.state[name];
        return value === undefined || value === `state/${i}:0` ? [] : [[name, value]];
      }),
    ),
  };
  return { nodes: recorder.nodes, graph, draws };
}
