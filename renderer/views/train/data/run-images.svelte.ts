/** Which pictures the runs in sight have; looked up again when their logs tell of new ones. */
import type { LowlandClient } from '../../../../core/contract/api';
import type { TimedImage } from '../../../plots/timeline/steps';

/** Milliseconds after an event until its pictures are surely on disk: soon, and once more for slow disks. */
const delays = [300, 2500];

export class RunImages {
  #images = $state.raw<readonly TimedImage[]>([]);
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(private readonly client: LowlandClient) {}

  get all(): readonly TimedImage[] {
    return this.#images;
  }

  /** Reads the lists of these runs now, and again a little later. */
  look(runs: readonly string[]): void {
    this.leave();
    if (!runs.every((run) => this.#images.some((image) => image.run === run))) void this.#read(runs);
    this.#timers = delays.map((delay) => setTimeout(() => void this.#read(runs), delay));
    this.#images = this.#images.filter(({ run }) => runs.includes(run));
  }

  leave(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  async #read(runs: readonly string[]): Promise<void> {
    const lists = await Promise.all(
      runs.map(async (run) => {
        const images = await this.client.call('runs.images', { run }).catch(() => []);
        return images.map((image): TimedImage => ({ ...image, run }));
      }),
    );
    const found = lists.flat();
    const names = (images: readonly TimedImage[]) => images.map(({ run, name }) => `${run}/${name}`).join();
    if (names(found) !== names(this.#images)) this.#images = found;
  }
}
