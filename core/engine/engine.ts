/**
 * What the rest of core sees of an engine: an id, what it can do, random tensors, a compiled step, memory, dispose.
 * Exactly one engine is active in a process; its tfjs backend is then the global one, so steps are written in plain tfjs ops.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Key } from '../lib/key';

export const engineIds = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type EngineId = (typeof engineIds)[number];

export type NamedTensors = Record<string, Tensor>;

/** Random tensors by key: no hidden state, the same key and name give the same tensor (float32) on one engine. */
export interface Random {
  /** Uniform in [low, high). */
  uniform(shape: readonly number[], low?: number, high?: number): Tensor;
  normal(shape: readonly number[]): Tensor;
  /** An independent stream. */
  fork(name: string | number): Random;
  /** What the call that comes `by` later draws from, where calls are numbered at the end of their keys. */
  later(by: number): Random;
}

/** A pure step: all that changes is passed in, all that is new is returned; inputs stay the caller's. */
export type Step<S extends NamedTensors, I extends NamedTensors, O extends NamedTensors> = (
  state: S,
  inputs: I,
  random: Random,
) => { state: S; outputs: O };

/** A step bound to an engine, holding its state between calls. */
export interface CompiledStep<S extends NamedTensors, I extends NamedTensors, O extends NamedTensors> {
  /** Runs once and keeps the new state; the outputs are the caller's to dispose, the inputs stay the caller's. */
  run(inputs: I, key: Key): O;
  /** The current state, as live tensors owned by the step: read, do not dispose. */
  readonly state: S;
  /** Replaces the state (takes ownership of the tensors). */
  load(state: S): void;
  dispose(): void;
}

/** 'points-bfloat16': only the points are found in bfloat16 (attack and sampler), the update is computed in float32. */
export const precisions = ['float32', 'bfloat16', 'points-bfloat16'] as const;
export type Precision = (typeof precisions)[number];

/** How a step is compiled. An engine that lacks the precision refuses it with AppError BAD_OPTION; the rest are hints. */
export interface CompileOptions {
  /** Of convolutions and matrix products and what lies between them; energies, losses, projections and optimisers keep float32. */
  readonly precision?: Precision;
  /** How often it will run, where that is known; what runs only a few times is not worth compiling. */
  readonly calls?: number;
  /** Told, once, in a sentence, when the step cannot be compiled and runs op by op. */
  readonly note?: (sentence: string) => void;
}

export interface EngineInfo {
  readonly id: EngineId;
  /** 'AMD EPYC', 'SwiftShader', … */
  readonly device: string;
  readonly version: string;
  readonly threads: number;
  /** Into how many independent parts a compiled step had best split a batch. */
  readonly parts: number;
  readonly capabilities: {
    /** Gradients of gradients through convolutions, in x. */
    readonly secondOrder: boolean;
    readonly precisions: readonly Precision[];
  };
}

/** What a cheap look at an engine finds, without making it the active one. */
export interface EngineProbe {
  readonly works: boolean;
  /** Why it does not work: a sentence. */
  readonly reason?: string;
  readonly info?: EngineInfo;
}

/** What is needed to compile steps. */
export type Compiler = Pick<Engine, 'compile' | 'parts'>;

export interface Engine extends EngineInfo {
  random(key: Key): Random;
  compile<S extends NamedTensors, I extends NamedTensors, O extends NamedTensors>(
    step: Step<S, I, O>,
    state: S,
    options?: CompileOptions,
  ): CompiledStep<S, I, O>;
  /** Live tensors and their bytes on this engine. */
  memory(): { tensors: number; bytes: number };
  dispose(): Promise<void>;
}
