/** A graph that TensorFlow has loaded, with its state in resource variables. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../lib/errors';
import type { NamedTensors } from '../engine';
import { type Attribute, type Graph, type GraphNode, dataTypes, lookup, outputOf, producer, type } from './graph';
import { internals } from './recorder';
import { savedModel } from './saved-model';

const node = (
  name: string,
  op: string,
  inputs: readonly string[],
  attributes: GraphNode['attributes'],
  control: readonly string[] = [],
): GraphNode => ({ name, op, inputs, attributes, control, outputs: [] });

const one: Attribute = {
  kind: 'tensor',
  value: { dtype: dataTypes.int32, shape: [], bytes: Uint8Array.of(1, 0, 0, 0) },
};

/** An int32 that can be fetched once the nodes of `after` have run. */
const afterAll = (name: string, after: readonly string[]): readonly GraphNode[] => [
  node(`${name}/one`, 'Const', [], { dtype: type(dataTypes.int32), value: one }),
  node(name, 'Identity', [`${name}/one:0`], { T: type(dataTypes.int32) }, after),
];

/**
 * What has to be added to a graph so that its state can be written, its outputs fetched, and its updates happen before they are: all
 * of them once everything is computed, so that a run that fails has changed nothing.
 */
function completed(graph: Graph): GraphNode[] {
  const find = lookup(graph);
  const names = Object.keys(graph.variables);
  const writes = names.flatMap((name, i) => {
    const { handle, read } = graph.variables[name] ?? { handle: '', read: '' };
    const { dtype = 0, shape = [] } = outputOf(find(`${read}:0`), `${read}:0`) ?? {};
    return [
      node(`write/in${i}`, 'Placeholder', [], { dtype: type(dtype), shape: { kind: 'shape', value: shape } }),
      node(`write/${i}`, 'AssignVariableOp', [`${handle}:0`, `write/in${i}:0`], { dtype: type(dtype) }),
    ];
  });
  const values = [...Object.values(graph.outputs), ...Object.values(graph.updates)];
  const producers = new Set(values.map((value) => producer(value).node));
  const computed = node('computed', 'NoOp', [], {}, [...producers]);
  const updates = Object.entries(graph.updates).map(([name, value], i) => {
    const { handle = '', read = '' } = graph.variables[name] ?? {};
    const dtype = outputOf(find(value), value)?.dtype ?? 0;
    return node(`update/${i}`, 'AssignVariableOp', [`${handle}:0`, value], { dtype: type(dtype) }, [
      read,
      computed.name,
    ]);
  });
  const updated = updates.map(({ name }) => name);
  const outputs = Object.values(graph.outputs).map((value, i) =>
    node(`output/${i}`, 'Identity', [value], { T: type(outputOf(find(value), value)?.dtype ?? 0) }, updated),
  );
  const written = names.map((_, i) => `write/${i}`);
  return [
    ...graph.nodes,
    ...writes,
    ...afterAll('written', written),
    computed,
    ...updates,
    ...outputs,
    ...afterAll('ran', updated),
  ];
}

export class GraphSession {
  readonly #id: number;
  readonly #state: readonly string[];
  readonly #outputs: readonly string[];

  /** @throws AppError ENGINE when TensorFlow refuses the graph. */
  constructor(
    private readonly backend: NodeJSKernelBackend,
    private readonly graph: Graph,
  ) {
    this.#state = Object.keys(graph.variables);
    this.#outputs = Object.keys(graph.outputs);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'lowland-step-'));
    try {
      writeFileSync(path.join(folder, 'saved_model.pb'), savedModel(completed(graph), backend.binding.TF_Version));
      this.#id = explained(() => backend.binding.loadSavedModel(folder, 'serve'), graph);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Runs the graph once: updates its variables and gives the outputs, the caller's. */
  run(feeds: NamedTensors): NamedTensors {
    const names = Object.keys(this.graph.feeds);
    const tensors = names.map((name) => feeds[name]).filter((tensor) => tensor !== undefined);
    const fetched = this.#run(
      tensors,
      names.map((name) => `${this.graph.feeds[name]}:0`),
      [...this.#outputs.map((_, i) => `output/${i}:0`), 'ran:0'],
    );
    fetched.pop()?.dispose();
    return Object.fromEntries(this.#outputs.map((name, i) => [name, fetched[i]])) as NamedTensors;
  }

  /** Sets all variables; the tensors stay the caller's. */
  write(state: NamedTensors): void {
    const tensors = this.#state.map((name) => state[name]).filter((tensor) => tensor !== undefined);
    this.#run(
      tensors,
      tensors.map((_, i) => `write/in${i}:0`),
      ['written:0'],
    ).forEach((tensor) => tensor.dispose());
  }

  /** All variables, as new tensors. */
  read(): NamedTensors {
    const values = this.#run(
      [],
      [],
      this.#state.map((name) => `${this.graph.variables[name]?.read}:0`),
    );
    return Object.fromEntries(this.#state.map((name, i) => [name, values[i]])) as NamedTensors;
  }

  dispose(): void {
    this.backend.binding.deleteSavedModel(this.#id);
  }

  #run(tensors: readonly Tensor[], inputs: readonly string[], outputs: readonly string[]): Tensor[] {
    if (outputs.length === 0) return [];
    const inner = internals(this.backend);
    const ids = inner.getInputTensorIds(tensors);
    return explained(
      () => this.backend.binding.runSavedModel(this.#id, ids, inputs.join(), outputs.join()),
      this.graph,
    ).map((metadata) => inner.createOutputTensor(metadata));
  }
}

/** TensorFlow's own words, with the op that they name and the shapes that went into it. */
function explained<T>(work: () => T, graph: Graph): T {
  try {
    return work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const [, name = ''] = /\{\{node ([^}]+)\}\}/.exec(text) ?? [];
    const failed = graph.nodes.find((candidate) => candidate.name === name);
    const find = lookup(graph);
    const shapes = failed?.inputs.map((input) => `[${outputOf(find(input), input)?.shape.join(', ')}]`).join(' and ');
    const words = text.split('\n')[0]?.replace(/^(Session fail to run with error|Failed to load SavedModel): /, '');
    const where = failed ? ` at ${failed.op} of ${shapes || 'no tensors'}` : '';
    throw new AppError('ENGINE', `The compiled step failed${where}: ${words}`, undefined, error);
  }
}
