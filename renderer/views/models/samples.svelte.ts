/** A few images that a model generates from noise, on demand: a short session on the engine that is closed when it is done. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Shape } from '../../lib/pixels';
import { isCancelled } from '../../lib/problem';

/** Images, and steps between two looks at them. */
const n = 8;
const piece = 10;

export class Samples {
  #images = $state.raw<Uint8Array | undefined>();
  #shape = $state.raw<Shape>([1, 1, 1]);
  #labels = $state.raw<readonly string[]>([]);
  #share = $state(0);
  #busy = $state(false);
  #problem = $state.raw<unknown>();
  #stop: AbortController | undefined;

  constructor(
    private readonly client: LowlandClient,
    private readonly model: string,
  ) {}

  /** uint8 [8, h, w, c], as far as they are. */
  get images(): Uint8Array | undefined {
    return this.#images;
  }
  get shape(): Shape {
    return this.#shape;
  }
  /** The class of each. */
  get labels(): readonly string[] {
    return this.#labels;
  }
  get share(): number {
    return this.#share;
  }
  get busy(): boolean {
    return this.#busy;
  }
  get problem(): unknown {
    return this.#problem;
  }

  async make(): Promise<void> {
    this.#stop?.abort();
    const { signal } = (this.#stop = new AbortController());
    this.#busy = true;
    this.#problem = undefined;
    let session: string | undefined;
    try {
      const opened = await this.client.call(
        'sampling.open',
        { model: this.model, sampler: 'pgd-synthesis', start: 'uniform', n, conditional: true, classes: [], seed: 0 },
        { signal },
      );
      session = opened.session;
      this.#shape = opened.shape;
      this.#labels = Array.from(opened.labels, (label) => opened.classes[label] ?? `class ${label}`);
      this.#images = opened.frame.images;
      const { steps, options } = opened.recipe;
      for (let step = 0; step < steps; step += piece) {
        const words = { session, steps: Math.min(piece, steps - step), options };
        const frame = await this.client.call('sampling.advance', words, { signal });
        this.#images = frame.images;
        this.#share = frame.step / steps;
      }
    } catch (error) {
      if (!isCancelled(error)) this.#problem = error;
    } finally {
      if (session !== undefined) this.client.call('sampling.close', { session }).catch(() => undefined);
      this.#busy = false;
    }
  }

  stop(): void {
    this.#stop?.abort();
  }
}
