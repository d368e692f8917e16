/** A plane that refines: every level as soon as it is there, through one compiled step of equal batches. */
import type { PlaneLevel, PlaneProgress } from '../../../contract/areas/surface';
import type { CompileOptions, Engine } from '../../../engine/engine';
import { type PlaneStep, compilePlane, planeOffsets } from '../../../surface/plane';
import { levelsOf, unfold } from './levels';
import { forwardPiece, pause } from './pace';
import type { Scene } from './scene';

export interface RefiningPlan {
  readonly range: number;
  readonly resolution: number;
  readonly offset: PlaneLevel['offset'];
}

/** Milliseconds between two events of progress. */
const telling = 120;

/** Compiles at once, with weights of its own; the levels, or leaving them, dispose it. */
export function refinedPlane(
  engine: Engine,
  compile: CompileOptions,
  scene: Scene,
  plan: RefiningPlan,
): (signal: AbortSignal) => AsyncGenerator<PlaneLevel | PlaneProgress, void, undefined> {
  const { model, image, label, directions } = scene;
  const size = Math.min(forwardPiece[engine.id], (levelsOf(plan.resolution)[0] ?? plan.resolution) ** 2);
  const calls = Math.ceil(plan.resolution ** 2 / size);
  const step = compilePlane(engine, model.classifier, image, label, directions, { ...compile, calls });
  return (signal) => levels(step, size, scene, plan, signal);
}

/** @throws AppError CANCELLED at the signal. */
async function* levels(
  step: PlaneStep,
  size: number,
  { image, label, shape, directions: { u, v } }: Scene,
  { range, resolution, offset }: RefiningPlan,
  signal: AbortSignal,
): AsyncGenerator<PlaneLevel | PlaneProgress, void, undefined> {
  const total = resolution ** 2;
  let told = Date.now();
  let known: { resolution: number; values: Float32Array[] } | undefined;
  try {
    for (const n of levelsOf(resolution)) {
      const offsets = planeOffsets(n, range);
      const { values, missing } = unfold(known, n);
      for (let from = 0; from < missing.length; from += size) {
        await pause(signal);
        // the last batch repeats its last point, so that every batch is the same compiled step
        const places = Uint32Array.from(
          { length: size },
          (_, i) => missing[Math.min(from + i, missing.length - 1)] ?? 0,
        );
        const at = (of: (place: number) => number) => Float32Array.from(places, (place) => offsets[of(place)] ?? 0);
        const { joint, marginal } = await step.energies(
          at((place) => place % n),
          at((place) => Math.floor(place / n)),
        );
        [joint, marginal].forEach((energies, k) => {
          for (let i = 0; i < size; i++) {
            const grid = values[k];
            if (grid) grid[places[i] ?? 0] = energies[i] ?? NaN;
          }
        });
        if (Date.now() - told < telling) continue;
        told = Date.now();
        yield { kind: 'progress', done: n * n - missing.length + Math.min(missing.length, from + size), total };
      }
      known = { resolution: n, values };
      const [joint = new Float32Array(), marginal = new Float32Array()] = values;
      yield {
        kind: 'level',
        resolution: n,
        finest: n === resolution,
        offsets,
        joint,
        marginal,
        ...(offset ? { offset } : {}),
        image,
        u,
        v,
        label,
        shape,
      };
    }
  } finally {
    step.dispose();
  }
}
