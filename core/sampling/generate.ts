/**
 * Generation of any number of images in chunks. Chunk i is a pure function of (seed, i), so work that was interrupted goes on at any
 * chunk and ends with the same images.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { CompileOptions, Compiler } from '../engine/engine';
import { fork, key } from '../lib/key';
import type { Classifier } from '../models/model';
import { type ChainRun, type Frame, type Sampling, compileSampler, movesTogether, runChains } from './chains';
import type { Start } from './starts';

export interface GenerationPlan extends Sampling, Omit<ChainRun, 'every' | 'several'> {
  readonly seed: number;
  readonly start: Start;
  /** The class of each image; also what the class starts draw from. */
  readonly labels: Int32Array;
  /** Descend E(x,y) of those classes; otherwise E(x). */
  readonly conditional: boolean;
  /** Images moved together. */
  readonly chunk: number;
  /** Keep the chains every so many steps. */
  readonly trajectory?: number;
  readonly compile?: CompileOptions;
}

export interface GeneratedChunk {
  readonly index: number;
  /** Place of its first image in the whole. */
  readonly from: number;
  readonly labels: Int32Array;
  /** [n, h, w, c] in [0,1]. */
  readonly images: Float32Array;
  /** Chains at the start, at the end and, on demand, in between; with E(x) and, when conditional, E(x,y). */
  readonly frames: readonly Frame[];
}

/** Steps in all from which on a second graph, of several steps, pays for itself. */
const worthTogether = 400;

/** n labels in class order, as even as n allows: 0 0 … 1 1 … . */
export const classOrdered = (n: number, classes: number): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => Math.floor((i * classes) / n));

/** Yields every so many chunks from the first on; no tensor lives between them. @throws AppError CANCELLED. */
export async function* generate(
  model: Classifier,
  engine: Compiler,
  { seed, start, labels, conditional, chunk, trajectory, compile, ...chains }: GenerationPlan,
  { first = 0, every = 1 }: { first?: number; every?: number } = {},
): AsyncGenerator<GeneratedChunk, void, undefined> {
  const step = compileSampler(engine, model, chains, { ...compile, calls: chains.steps });
  const moves = chains.steps * Math.ceil(labels.length / (chunk * every));
  const many = { ...compile, calls: Math.floor(moves / movesTogether) };
  const several = moves >= worthTogether ? compileSampler(engine, model, chains, many, movesTogether) : undefined;
  try {
    for (let index = first; index * chunk < labels.length; index += every) {
      const at = key(seed, 'generate', index);
      const own = labels.slice(index * chunk, (index + 1) * chunk);
      const x = tf.tensor4d(start.draw(fork(at, 'start'), own), [own.length, ...model.inputShape]);
      const y = tf.tensor1d(own, 'int32');
      let end: Tensor4D | undefined;
      try {
        const run = { ...chains, ...(several ? { several } : {}), every: trajectory ?? Math.max(1, chains.steps) };
        const moved = await runChains(model, step, x, conditional ? y : undefined, run, fork(at, 'chain'));
        end = moved.x;
        const images = moved.frames.at(-1)?.x ?? new Float32Array();
        yield { index, from: index * chunk, labels: own, images, frames: moved.frames };
      } finally {
        tf.dispose([x, y]);
        end?.dispose();
      }
    }
  } finally {
    step.dispose();
    several?.dispose();
  }
}
