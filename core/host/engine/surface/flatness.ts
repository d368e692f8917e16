/** How low and flat the energy is round many images, told as it settles: a few images at a time, a pause between the measures. */
import * as tf from '@tensorflow/tfjs-core';
import type { FlatnessSoFar } from '../../../contract/areas/surface';
import type { Split } from '../../../data/dataset';
import type { Engine } from '../../../engine/engine';
import { fork, key } from '../../../lib/key';
import { slice } from '../../../metrics/robustness';
import { type FlatnessPlan, type FlatnessTable, flatnessOf, flatnessTable } from '../../../surface/flatness';
import type { Held } from './held';
import { heavyPiece, pause } from './pace';

/** On the first `images` of the split; releases the model when it ends. @throws AppError CANCELLED. */
export async function* settlingFlatness(
  engine: Engine,
  { model, release }: Held,
  split: Split,
  { images, plan, seed }: { images: number; plan: FlatnessPlan; seed: number },
  signal: AbortSignal,
): AsyncGenerator<FlatnessSoFar, void, undefined> {
  const total = Math.min(images, split.size);
  const piece = heavyPiece[engine.id];
  const tables: FlatnessTable[] = [];
  try {
    for (let from = 0; from < total; from += piece) {
      await pause(signal);
      const { x, y } = slice(split, from, Math.min(from + piece, total));
      try {
        const random = engine.random(fork(key(seed, 'surface/flatness'), from));
        tables.push(await flatnessTable(model, x, y, plan, random, () => pause(signal)));
      } finally {
        tf.dispose([x, y]);
      }
      yield { done: Math.min(from + piece, total), total, flatness: flatnessOf(tables) };
    }
  } finally {
    release();
  }
}
