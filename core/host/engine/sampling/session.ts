/**
 * Chains that stay on the engine between calls. Step k draws from the stream k below the key of `generate`'s first chunk, so a session
 * that is moved with constant options gives the images of `lowland sample` in one chunk, however its steps are cut into calls.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { SamplingFrame } from '../../../contract/areas/sampling';
import type { CompileOptions, Engine } from '../../../engine/engine';
import { breathe } from '../../../lib/breathe';
import { AppError, throwIfCancelled } from '../../../lib/errors';
import { fork } from '../../../lib/key';
import { type Schema, type Values, resolve } from '../../../lib/options';
import { type Classifier, cloned } from '../../../models/model';
import { type SamplerStep, compileSampler } from '../../../sampling/chains';
import type { Chains, SamplerEntry } from '../../../sampling/sampler';
import { readFrame } from './frame';
import { chunkKey } from './start';

/** Compiled steps that a session keeps, each for a set of options: a slider that goes back and forth finds them again. */
const keptSteps = 4;

export interface SessionParts {
  readonly engine: Pick<Engine, 'compile' | 'parts'>;
  readonly compile: CompileOptions;
  /** Its weights are taken over by reference; the owner may dispose its own. */
  readonly model: Classifier;
  readonly sampler: SamplerEntry;
  readonly seed: number;
  readonly labels: Int32Array;
  readonly conditional: boolean;
  /** [n, h, w, c] in [0,1]. */
  readonly start: Float32Array;
  /** [h, w]: 1 where the images may change; they stay as at the start elsewhere. */
  readonly mask?: Uint8Array | undefined;
}

export class SamplingSession {
  readonly #model: Classifier;
  readonly #start: Tensor4D;
  readonly #y: Tensor1D | undefined;
  readonly #mask: Tensor | undefined;
  readonly #steps = new Map<string, SamplerStep>();
  #chains: Chains;
  #step = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(private readonly parts: SessionParts) {
    const { model, labels, start, conditional, mask } = parts;
    const [height, width, channels] = model.inputShape;
    this.#model = model.having(cloned(model.weights));
    this.#start = tf.tensor4d(start, [labels.length, height, width, channels]);
    this.#y = conditional ? tf.tensor1d(labels, 'int32') : undefined;
    this.#mask =
      mask &&
      tf.tensor4d(
        Uint8Array.from(mask, (may) => (may ? 1 : 0)),
        [1, height, width, 1],
        'bool',
      );
    this.#chains = { x: tf.clone(this.#start) };
  }

  /** Whether a call is under way. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Moves the chains. What was moved when the signal fires stays moved. @throws AppError CANCELLED; BAD_OPTION. */
  advance(steps: number, given: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<SamplingFrame> {
    const options = resolve(this.parts.sampler.options, given, this.parts.sampler.id);
    return this.#inTurn(async () => {
      for (let i = 0; i < steps; i++) {
        await breathe();
        throwIfCancelled(signal);
        this.#move(options);
      }
      return this.#read();
    });
  }

  frame(): Promise<SamplingFrame> {
    return this.#inTurn(() => this.#read());
  }

  rewind(): Promise<SamplingFrame> {
    return this.#inTurn(() => {
      this.#replace({ x: tf.clone(this.#start) });
      this.#step = 0;
      return this.#read();
    });
  }

  /** Frees everything, after what is under way. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turn;
    for (const step of this.#steps.values()) step.dispose();
    this.#steps.clear();
    tf.dispose([{ ...this.#chains }, this.#start, this.#y ?? [], this.#mask ?? [], { ...this.#model.weights }]);
  }

  #move(options: Values<Schema>): void {
    const step = this.#compiled(options);
    const y = this.#y ? { y: this.#y } : {};
    const at = fork(fork(chunkKey(this.parts.seed), 'chain'), this.#step);
    const { x, ...rest } = step.run({ ...this.#chains, start: this.#start, ...y }, at);
    this.#replace({ ...rest, x: this.#kept(x) });
    this.#step++;
  }

  /** Takes over x, and gives it with the pixels outside the mask as they were. */
  #kept(x: Tensor4D): Tensor4D {
    const mask = this.#mask;
    if (!mask) return x;
    try {
      return tf.tidy(() => tf.where<Tensor4D>(tf.broadcastTo(mask, x.shape), x, this.#start));
    } finally {
      x.dispose();
    }
  }

  #replace(chains: Chains): void {
    tf.dispose({ ...this.#chains });
    this.#chains = chains;
  }

  #compiled(options: Values<Schema>): SamplerStep {
    const { engine, sampler, compile } = this.parts;
    const name = JSON.stringify(options);
    const step = this.#steps.get(name) ?? compileSampler(engine, this.#model, { sampler, options }, compile);
    this.#steps.delete(name);
    this.#steps.set(name, step);
    for (const [old, unused] of this.#steps) {
      if (this.#steps.size <= keptSteps) break;
      unused.dispose();
      this.#steps.delete(old);
    }
    return step;
  }

  #read(): Promise<SamplingFrame> {
    return readFrame(this.#model, this.#step, this.#chains.x, this.#y);
  }

  /** One call after the other: two windows may hold the same session. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new AppError('NOT_FOUND', 'These chains were closed.', 'Start again.'));
    this.#waiting++;
    const done = this.#turn.then(work).finally(() => this.#waiting--);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
