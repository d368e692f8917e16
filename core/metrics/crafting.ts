/** The adversarial images themselves, batch by batch, of any attack: what is compiled, and how it is run. */
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { AttackEntry } from '../attacks/attack';
import { type Told, attacker } from '../attacks/attacker';
import type { CompileOptions, Compiler } from '../engine/engine';
import type { Key } from '../lib/key';
import type { Schema, Values } from '../lib/options';
import { type Classifier, compileWith } from '../models/model';

/** An attack with its options. */
export interface ChosenAttack {
  readonly attack: AttackEntry;
  readonly options: Values<Schema>;
}

export interface Crafter {
  /** Adversarial images for x [n, h, w, c] and y int32 [n]: a new tensor, the caller's. @throws AppError CANCELLED. */
  craft(x: Tensor4D, y: Tensor1D, key: Key, told?: Told): Promise<Tensor4D>;
  dispose(): void;
}

/** @throws AppError BAD_OPTION where the attack does not fit the model. */
export function crafter(
  engine: Compiler,
  model: Classifier,
  { attack, options }: ChosenAttack,
  compile: CompileOptions = {},
): Crafter {
  if (attack.walk) {
    const walker = attacker(engine, model, attack.walk(options, model), compile);
    return { craft: (...given) => walker.attack(...given), dispose: () => walker.dispose() };
  }
  const step = compileWith(
    engine,
    model,
    (net, { x, y }: { x: Tensor4D; y: Tensor1D }, random) => ({ reached: attack.run(net, x, y, options, random) }),
    compile,
  );
  return {
    craft: (x, y, key) => Promise.resolve(step.run({ x, y }, key).reached),
    dispose: () => step.dispose(),
  };
}
