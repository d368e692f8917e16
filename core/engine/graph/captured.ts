/**
 * A step as one TensorFlow graph: recorded at the first call for each set of input shapes, checked against a replay at the second,
 * run as a whole from then on. Its state lives in the variables of the graph that ran last.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { Key } from '../../lib/key';
import { checkState, eagerStep } from '../eager';
import type { CompileOptions, CompiledStep, NamedTensors, Random, Step } from '../engine';
import { seedPair } from '../tensorflow-random';
import { type Recording, drawnKey, keyFeed, recordStep } from './record-step';
import { CaptureError, Recorder } from './recorder';
import { Replay } from './replay';
import { optimised } from './rewrites/rewrites';
import { GraphSession } from './session';

/** Graphs kept for different input shapes. */
const keptGraphs = 6;
/** Recording costs about as much as two calls save. */
const worthCompiling = 4;

interface Compiled {
  readonly recording: Recording;
  readonly session: GraphSession;
  checked: boolean;
}

const shapesOf = (tensors: NamedTensors): string =>
  Object.entries(tensors)
    .map(([name, { shape, dtype }]) => `${name} ${dtype} [${shape.join(', ')}]`)
    .join('; ');

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
    if (!compiled) {
      const recording = recordStep(new Recorder(backend), backend, step, { state: state(), inputs, key });
      const session = new GraphSession(backend, optimised(recording.graph, options));
      graphs.set(shapes, (compiled = { recording, session, checked: false }));
      for (const [oldest, old] of graphs) if (graphs.size > keptGraphs && old !== compiled) drop(oldest, old);
    } else if (!compiled.checked) {
      recordStep(new Replay(backend, compiled.recording.nodes), backend, step, { state: state(), inputs, key });
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
      const seeds = draws.map((draw) => seedPair(drawnKey(key, draw)));
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
      checkState(initial, next);
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
