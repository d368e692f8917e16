/**
 * A step as one TensorFlow graph: recorded at the first call for each set of input shapes, checked against a replay at the second,
 * run as a whole from then on. Its state lives in the variables of the graph that ran last.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { Key } from '../../lib/key';
import { eagerStep } from '../eager';
import type { CompileOptions, CompiledStep, NamedTensors, Random, Step } from '../engine';
import { type SeedOf, nativeRandom, seedPair, seedTensor } from '../tensorflow-random';
import { type Graph, type GraphNode, dataTypes, type } from './graph';
import { CaptureError, Recorder } from './recorder';
import { Replay } from './replay';
import { optimised } from './rewrites/rewrites';
import { GraphSession } from './session';

/** Graphs kept for different input shapes. */
const keptGraphs = 6;
/** Recording costs about as much as two calls save. */
const worthCompiling = 4;

interface Recording {
  readonly nodes: readonly GraphNode[];
  readonly graph: Graph;
  /** Streams, below the key of a call, from which the step draws; in order. */
  readonly draws: readonly string[];
}

interface Compiled {
  readonly recording: Recording;
  readonly session: GraphSession;
  checked: boolean;
}

const shapesOf = (tensors: NamedTensors): string =>
  Object.entries(tensors)
    .map(([name, { shape, dtype }]) => `${name} ${dtype} [${shape.join(', ')}]`)
    .join('; ');

/** Runs the step once under a recorder; `drawn` collects the streams that it draws from. */
function recordStep<S extends NamedTensors, I extends NamedTensors, O extends NamedTensors>(
  recorder: Recorder,
  backend: NodeJSKernelBackend,
  step: Step<S, I, O>,
  { state, inputs, key }: { state: S; inputs: I; key: Key },
): Recording {
  const nodes: GraphNode[] = [];
  const draws: string[] = [];
  const placeholder = (name: string, op: string, dtype: number, shape: readonly number[], from: readonly string[]) => {
    const attributes = {
      dtype: type(dtype),
      ...(op === 'Placeholder' ? { shape: { kind: 'shape', value: shape } } : {}),
    };
    nodes.push({
      name,
      op,
      inputs: from,
      control: [],
      attributes: attributes as GraphNode['attributes'],
      outputs: [{ dtype, shape }],
    });
  };
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor], i) => {
      placeholder(`feed/${i}`, 'Placeholder', backend.getDTypeInteger(tensor.dtype), tensor.shape, []);
      recorder.hand(tensor, `feed/${i}:0`);
      return [name, `feed/${i}`];
    }),
  );
  const variables = Object.fromEntries(
    Object.entries(state).map(([name, tensor], i) => {
      const dtype = backend.getDTypeInteger(tensor.dtype);
      const attributes: GraphNode['attributes'] = {
        dtype: type(dtype),
        shape: { kind: 'shape', value: tensor.shape },
        shared_name: { kind: 'string', value: `state/${i}` },
        container: { kind: 'string', value: '' },
      };
      const handle = `handle/${i}`;
      nodes.push({
        name: handle,
        op: 'VarHandleOp',
        inputs: [],
        control: [],
        attributes,
        outputs: [{ dtype: dataTypes.resource, shape: [] }],
      });
      placeholder(`state/${i}`, 'ReadVariableOp', dtype, tensor.shape, [`${handle}:0`]);
      recorder.hand(tensor, `state/${i}:0`);
      return [name, { handle, read: `state/${i}` }];
    }),
  );
  const seeds: SeedOf = (drawn) => {
    const tensor = seedTensor(drawn);
    recorder.hand(tensor, `seeds:${draws.length}`);
    draws.push(drawn.stream.slice(key.stream.length));
    return tensor;
  };
  const own = new Set([...Object.values(state), ...Object.values(inputs)]);
  const symbols = recorder.record(() =>
    tf.tidy(() => {
      const made = step(state, inputs, nativeRandom(backend, seeds)(key));
      const named = (tensors: NamedTensors) =>
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, recorder.symbolOf(tensor)]));
      const found = { state: named(made.state), outputs: named(made.outputs) };
      for (const tensor of [...Object.values(made.state), ...Object.values(made.outputs)])
        if (!own.has(tensor)) tensor.dispose();
      return found;
    }),
  );
  if (draws.length > 0) {
    placeholder('key', 'Placeholder', dataTypes.int32, [draws.length, 2], []);
    nodes.push({
      name: 'seeds',
      op: 'Unpack',
      inputs: ['key:0'],
      control: [],
      attributes: {
        T: type(dataTypes.int32),
        num: { kind: 'int', value: draws.length },
        axis: { kind: 'int', value: 0 },
      },
      outputs: draws.map(() => ({ dtype: dataTypes.int32, shape: [2] })),
    });
  }
  const updates = Object.fromEntries(
    Object.entries(symbols.state).filter(([name, symbol]) => symbol !== `${variables[name]?.read}:0`),
  );
  const graph: Graph = {
    nodes: [...nodes, ...recorder.nodes],
    feeds: draws.length > 0 ? { ...feeds, [keyFeed]: 'key' } : feeds,
    variables,
    outputs: symbols.outputs,
    updates,
  };
  return { nodes: recorder.nodes, graph, draws };
}

/** A feed of its own, beside the step's inputs. */
const keyFeed = '(key)';

/** Binds a step to its state (whose tensors it takes over). */
export function capturedStep<S extends NamedTensors, I extends NamedTensors, O extends NamedTensors>(
  backend: NodeJSKernelBackend,
  step: Step<S, I, O>,
  initial: S,
  random: (key: Key) => Random,
  options: CompileOptions,
): CompiledStep<S, I, O> {
  if ((options.calls ?? Infinity) < worthCompiling && (options.precision ?? 'float32') === 'float32')
    return eagerStep(step, initial, random);
  const graphs = new Map<string, Compiled>();
  /** The state as tensors, where they are newer than or equal to what the variables hold. */
  let tensors: S | undefined = initial;
  /** The graph whose variables hold the state. */
  let holder: Compiled | undefined;
  let eager: CompiledStep<S, I, O> | undefined;

  const state = (): S => (tensors ??= holder?.session.read() as S);
  const forget = (): void => {
    for (const tensor of Object.values(tensors ?? {})) tensor.dispose();
    tensors = undefined;
  };
  const drop = (shapes: string, compiled: Compiled): void => {
    if (holder === compiled) {
      state();
      holder = undefined;
    }
    compiled.session.dispose();
    graphs.delete(shapes);
  };

  function compiledFor(inputs: I, key: Key): Compiled {
    const shapes = shapesOf(inputs);
    let compiled = graphs.get(shapes);
    const call = { state: state, inputs, key };
    if (!compiled) {
      const recording = recordStep(new Recorder(backend), backend, step, { ...call, state: state() });
      const session = new GraphSession(backend, optimised(recording.graph, options));
      graphs.set(shapes, (compiled = { recording, session, checked: false }));
      for (const [oldest, old] of graphs) if (graphs.size > keptGraphs && old !== compiled) drop(oldest, old);
    } else if (!compiled.checked) {
      recordStep(new Replay(backend, compiled.recording.nodes), backend, step, { ...call, state: state() });
      compiled.checked = true;
    }
    return compiled;
  }

  return {
    run(inputs, key) {
      if (eager) return eager.run(inputs, key);
      let compiled: Compiled;
      try {
        compiled = compiledFor(inputs, key);
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        options.note?.(`The step runs op by op, in float32, since ${error.message}.`);
        eager = eagerStep(step, state(), random);
        return eager.run(inputs, key);
      }
      if (holder !== compiled) {
        compiled.session.write(state());
        holder = compiled;
      }
      const { draws } = compiled.recording;
      const seeds = draws.map((stream) => seedPair({ ...key, stream: key.stream + stream }));
      const drawn = draws.length > 0 ? tf.tensor2d(seeds, [draws.length, 2], 'int32') : undefined;
      try {
        const outputs = compiled.session.run({ ...inputs, ...(drawn ? { [keyFeed]: drawn } : {}) });
        forget();
        return outputs as O;
      } finally {
        drawn?.dispose();
      }
    },
    get state() {
      return eager ? eager.state : state();
    },
    load(next) {
      if (eager) return eager.load(next);
      forget();
      holder = undefined;
      tensors = next;
    },
    dispose() {
      for (const { session } of graphs.values()) session.dispose();
      graphs.clear();
      if (eager) eager.dispose();
      else forget();
    },
  };
}
