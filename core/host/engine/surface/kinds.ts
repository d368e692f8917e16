/** Energies of clean, adversarial and generated images (WEAT, fig. 1), batch by batch. */
import type { AttackEntry } from '../../../attacks/attack';
import type { ImageKind, KindEnergies } from '../../../contract/areas/surface';
import type { Split } from '../../../data/dataset';
import type { CompileOptions, Engine } from '../../../engine/engine';
import { key } from '../../../lib/key';
import { type Schema, type Values, resolve } from '../../../lib/options';
import { type PointValues, attackedBatches, compileRobustness } from '../../../metrics/robustness';
import { classOrdered, generate } from '../../../sampling/generate';
import { pgdSynthesis } from '../../../sampling/pgd-synthesis';
import { recipeFor } from '../../../sampling/recipe';
import { createStart } from '../../../sampling/starts';
import { energiesAt } from './energies-at';
import type { Held } from './held';
import { forwardPiece, heavyPiece } from './pace';

export interface KindsPlan {
  readonly images: number;
  readonly kinds: readonly ImageKind[];
  readonly attack: { readonly attack: AttackEntry; readonly options: Values<Schema> };
  readonly seed: number;
  readonly compile: CompileOptions;
}

/** Releases the model when it ends. @throws AppError CANCELLED; what the attack throws. */
export async function* kindEnergies(
  engine: Engine,
  { model, release }: Held,
  split: Split,
  plan: KindsPlan,
  signal: AbortSignal,
): AsyncGenerator<KindEnergies, void, undefined> {
  try {
    const real = plan.kinds.filter((kind) => kind !== 'generated');
    if (real.length > 0) yield* realEnergies(engine, model, split, real, plan, signal);
    if (plan.kinds.includes('generated')) yield* generatedEnergies(engine, model, split, plan, signal);
  } finally {
    release();
  }
}

async function* realEnergies(
  engine: Engine,
  model: Held['model'],
  split: Split,
  kinds: readonly ('clean' | 'adversarial')[],
  { images, attack, seed, compile }: KindsPlan,
  signal: AbortSignal,
): AsyncGenerator<KindEnergies, void, undefined> {
  const total = Math.min(images, split.size);
  const batch = 2 * heavyPiece[engine.id];
  const step = compileRobustness(engine, model, attack, { ...compile, calls: Math.ceil(total / batch) });
  try {
    for await (const part of attackedBatches(step, split, { images, batch, signal }, key(seed, 'surface/energies')))
      for (const kind of kinds) yield { kind, from: part.from, total, ...columns(part[kind]) };
  } finally {
    step.dispose();
  }
}

const columns = ({ joint, marginal, correct }: PointValues) => ({
  joint: Float32Array.from(joint),
  marginal: Float32Array.from(marginal),
  correct: Uint8Array.from(correct, Number),
});

/** Noise walked down E(x,y) with the usual recipe, classes in order. */
async function* generatedEnergies(
  engine: Engine,
  model: Held['model'],
  split: Split,
  { images, seed, compile }: KindsPlan,
  signal: AbortSignal,
): AsyncGenerator<KindEnergies, void, undefined> {
  const total = Math.min(images, split.size);
  const start = createStart('uniform', split, model.classes);
  const { steps, options } = recipeFor(pgdSynthesis, start.id, model.inputShape);
  const chunks = generate(model, engine, {
    seed,
    start,
    steps,
    labels: classOrdered(total, model.classes),
    conditional: true,
    chunk: Math.min(total, 4 * heavyPiece[engine.id]),
    sampler: pgdSynthesis,
    options: resolve(pgdSynthesis.options, options, pgdSynthesis.id),
    compile,
    signal,
  });
  for await (const { from, labels, images: made } of chunks)
    yield {
      kind: 'generated',
      from,
      total,
      ...(await energiesAt(model, made, labels, forwardPiece[engine.id], signal)),
    };
}
