/** Energies of clean, adversarial and generated images of several models, filled batch by batch, a model after the other. */
import type { Api, LowlandClient } from '../../../core/contract/api';
import { type ImageKind, type KindEnergies, imageKinds } from '../../../core/contract/areas/surface';
import type { InputOf } from '../../../core/contract/contract';
import { isCancelled } from '../../lib/problem';

export type EnergiesQuestion = Omit<InputOf<Api['surface.energies']>, 'model'>;

/** As many as have come; the rest is NaN. */
export interface KindColumn {
  readonly joint: Float32Array;
  readonly marginal: Float32Array;
  readonly done: number;
  readonly correct: number;
}
export type Kinds = Partial<Readonly<Record<ImageKind, KindColumn>>>;
export interface ModelEnergies {
  readonly model: string;
  readonly kinds: Kinds;
}

/** The kinds with a batch put into its place. */
export function withBatch(kinds: Kinds, { kind, from, total, joint, marginal, correct }: KindEnergies): Kinds {
  const old = kinds[kind];
  const place = (values: Float32Array, into: Float32Array | undefined) => {
    const all = into ? into.slice() : new Float32Array(total).fill(NaN);
    all.set(values, from);
    return all;
  };
  return {
    ...kinds,
    [kind]: {
      joint: place(joint, old?.joint),
      marginal: place(marginal, old?.marginal),
      done: Math.max(old?.done ?? 0, from + joint.length),
      correct: (from === 0 ? 0 : (old?.correct ?? 0)) + correct.reduce((sum, right) => sum + right, 0),
    },
  };
}

export class Distributions {
  #models = $state.raw<readonly ModelEnergies[]>([]);
  #problem = $state.raw<unknown>();
  #total = $state(0);
  #busy = $state(false);
  #stop: AbortController | undefined;
  #question = $state.raw<EnergiesQuestion | undefined>();

  constructor(private readonly client: Pick<LowlandClient, 'stream'>) {}

  get models(): readonly ModelEnergies[] {
    return this.#models;
  }
  get problem(): unknown {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#busy;
  }
  /** What the energies that are shown answer. */
  get question(): EnergiesQuestion | undefined {
    return this.#question;
  }
  get progress(): number {
    const done = this.#models.flatMap(({ kinds }) => imageKinds.map((kind) => kinds[kind]?.done ?? 0));
    return this.#total > 0 ? done.reduce((sum, n) => sum + n, 0) / this.#total : 0;
  }

  async ask(models: readonly string[], question: EnergiesQuestion): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#busy = true;
    this.#problem = undefined;
    this.#question = question;
    this.#models = [];
    this.#total = models.length * imageKinds.length * question.images;
    try {
      for (const model of models) {
        let kinds: Kinds = {};
        for await (const batch of this.client.stream(
          'surface.energies',
          { ...question, model },
          { signal: stop.signal },
        )) {
          kinds = withBatch(kinds, batch);
          this.#models = [...this.#models.filter((known) => known.model !== model), { model, kinds }];
        }
      }
    } catch (error) {
      if (!isCancelled(error) && this.#stop === stop) this.#problem = error;
    } finally {
      if (this.#stop === stop) this.#busy = false;
    }
  }

  /** What came stays. */
  stop(): void {
    this.#stop?.abort();
    this.#busy = false;
  }
}
