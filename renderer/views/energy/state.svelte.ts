/** Everything the energy view knows: its address, what it was told of datasets and models, and what was computed. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Catalogue } from '../../../core/contract/areas/catalogue';
import type { DatasetDetails, ListedDataset } from '../../../core/contract/areas/datasets';
import type { View } from '../../../core/figures/camera';
import type { Scalar } from '../../../core/lib/options';
import type { Offset } from '../../plots/contours/plane';
import { usualView } from '../../plots/surface3d/orbit';
import { carried } from '../../state/carried.svelte';
import { route } from '../../state/route.svelte';
import { theme } from '../../state/theme.svelte';
import { Loaded } from '../datasets/loaded.svelte';
import { ModelList, fitting, modelColours, shortName, shortNames } from '../datasets/models.svelte';
import { Distributions } from './distributions.svelte';
import { FlatnessRows } from './flatness.svelte';
import { Landscape } from './landscape.svelte';
import { Measuring } from './measuring.svelte';
import { chosenModels, energyOf, firstDataset, inOrder, isToy, linkDefaults, planeQuestion, sideOf } from './question';
import { tabOf } from './tabs';
import { TrainingState } from './training.svelte';
import { Walks, samplerSteps, walkBy, walkChoice, walkSchema } from './walks.svelte';

export interface OpenImage {
  readonly dataset: string;
  /** float32 [h * w * c] in [0,1]. */
  readonly values: Float32Array;
  readonly label: number;
  /** 'test image 7'. */
  readonly title: string;
}
/** All of a toy, to be drawn over its energy. */
export interface ToyPoints {
  readonly values: Float32Array;
  readonly labels: Int32Array;
}
const mostPoints = 600;

export class EnergyState {
  readonly link = route.link(linkDefaults);
  readonly listed = new Loaded<readonly ListedDataset[]>();
  readonly details = new Loaded<DatasetDetails>();
  readonly #image = new Loaded<OpenImage>();
  readonly toyPoints = new Loaded<ToyPoints>();
  readonly catalogue = new Loaded<Catalogue>();
  readonly models: ModelList;
  readonly landscape: Landscape;
  readonly walks: Walks;
  readonly distributions: Distributions;
  readonly flatness: FlatnessRows;
  readonly measuring: Measuring;
  readonly training: TrainingState;

  probe = $state.raw<Offset | undefined>();
  view = $state.raw<View>(usualView);
  step = $state(0);
  walkOptions = $state.raw<Readonly<Record<string, Scalar>>>({});
  walkSteps = $state(samplerSteps);
  /** Ranges that were chosen by dragging, to go back to. */
  ranges = $state.raw<readonly number[]>([]);
  /** Why surfaces are shown flat. */
  flatBecause = $state('');

  constructor(readonly client: LowlandClient) {
    this.models = new ModelList(client);
    this.landscape = new Landscape(client);
    this.walks = new Walks(client);
    this.distributions = new Distributions(client);
    this.flatness = new FlatnessRows(client);
    this.measuring = new Measuring(this);
    this.training = new TrainingState(client, this.link);
  }

  readonly show = $derived.by(() => tabOf(this.link.show));
  readonly dataset = $derived.by(() => this.link.dataset || firstDataset);
  readonly energy = $derived.by(() => energyOf(this.link));
  readonly side = $derived.by(() => sideOf(this.link));
  /** Of the dataset that the address names. */
  readonly opened = $derived.by(() => (this.details.value?.id === this.dataset ? this.details.value : undefined));
  readonly toy = $derived.by(() => this.opened !== undefined && isToy(this.opened));
  readonly fitting = $derived.by(() => inOrder(fitting(this.models.rows, this.dataset)));
  readonly chosen = $derived.by(() => chosenModels(this.link, this.models.rows, this.dataset));
  readonly colours = $derived.by(() => modelColours(this.chosen, this.models.rows, theme.name));
  /** The image that another view handed over, where the address asks for it and it is one like those of the dataset. */
  readonly #handed = $derived.by(() => {
    const { image } = carried;
    return this.link.carried && image?.shape.join() === this.opened?.shape.join() ? image : undefined;
  });
  /** The image round which energies are drawn. */
  readonly image = $derived.by((): OpenImage | undefined => {
    const handed = this.#handed;
    if (!handed) return this.#image.value?.dataset === this.dataset ? this.#image.value : undefined;
    const { pixels, label, title } = handed;
    return { dataset: this.dataset, values: Float32Array.from(pixels, (value) => value / 255), label, title };
  });
  readonly fromElsewhere = $derived.by(() => this.#handed !== undefined);
  /** The address asks for an image that is no longer here. */
  readonly lost = $derived.by(() => this.link.carried && this.opened !== undefined && !this.fromElsewhere);
  readonly question = $derived.by(() => this.opened && planeQuestion(this.link, this.opened, this.#handed));
  readonly way = $derived.by(() => this.catalogue.value && walkChoice(this.link.walk, this.catalogue.value));
  /** Options that follow from the plane: steps of a quarter of the radius. */
  readonly usualWalk = $derived.by((): Readonly<Record<string, Scalar>> => {
    const { way, question } = this;
    return way?.way === 'attack' && question && 'step' in way.entry.options ? { step: question.eps / 4 } : {};
  });
  readonly label = $derived.by(() => (this.toy ? this.link.label : (this.image?.label ?? 0)));
  readonly className = $derived.by(() => this.opened?.classes[this.label] ?? '');

  /** Short names where they tell models apart. */
  title(model: string): string {
    return shortNames(this.chosen).get(model) ?? shortName(model);
  }
  /** What trained a model. */
  method(model: string): string | undefined {
    return this.models.rows.find(({ name }) => name === model)?.card?.objective;
  }

  load(): void {
    this.models.load();
    void this.listed.ask((signal) => this.client.call('datasets.list', {}, { signal }));
    void this.catalogue.ask((signal) => this.client.call('catalogue.read', {}, { signal }));
  }

  openDataset(dataset: string): void {
    void this.details.ask((signal) => this.client.call('datasets.open', { dataset }, { signal }));
  }

  openImage(): void {
    const { dataset, side } = this;
    const { index } = this.link;
    void this.#image.ask(async (signal) => {
      const images = { from: index, count: 1 };
      const [{ values }, { labels }] = await Promise.all([
        this.client.call('datasets.values', { dataset, side, images }, { signal }),
        this.client.call('datasets.labels', { dataset, side }, { signal }),
      ]);
      return { dataset, values, label: labels[index] ?? 0, title: `${side} image ${index}` };
    });
  }

  openPoints(): void {
    const { dataset, side } = this;
    const count = Math.min(mostPoints, this.opened?.sizes[side] ?? 0);
    void this.toyPoints.ask(async (signal) => {
      const images = { from: 0, count };
      const [{ values }, { labels }] = await Promise.all([
        this.client.call('datasets.values', { dataset, side, images }, { signal }),
        this.client.call('datasets.labels', { dataset, side }, { signal }),
      ]);
      return { values, labels: labels.slice(0, count) };
    });
  }

  /** Where the image lies on the plane: its middle, or a toy's point. */
  readonly star = $derived.by((): Offset | undefined => {
    if (!this.toy) return { a: 0, b: 0 };
    const [x, y] = this.image?.values ?? [];
    return x === undefined || y === undefined ? undefined : { a: x - 0.5, b: y - 0.5 };
  });

  askWalks(): void {
    const { way, question } = this;
    if (!way || !question) return this.walks.clear();
    const { resolution: _resolution, ...plane } = question;
    const known = Object.keys(walkSchema(way));
    const options = Object.fromEntries(Object.entries(this.walkOptions).filter(([name]) => known.includes(name)));
    const { dataset, side, image } = this;
    const subject = !this.toy
      ? plane.subject
      : this.fromElsewhere && image
        ? { pixels: Float32Array.from(image.values), label: image.label, dataset }
        : { dataset, side, index: this.link.index };
    void this.walks.ask(this.chosen, { ...plane, subject, by: walkBy(way, options, this.walkSteps) });
  }

  /** Another image of the split. */
  goTo(index: number): void {
    const size = this.opened?.sizes[this.side] ?? 0;
    if (size > 0) this.link.set({ index: ((index % size) + size) % size, carried: false });
  }

  /** From the image of another view to that of the dataset; "back" goes there again. */
  leaveHanded(): void {
    this.link.set({ carried: false }, { push: true });
  }

  /** Another range, from which one can go back. */
  setRange(range: number): void {
    const bounded = Math.min(this.toy ? 4 : 100, Math.max(1e-4, Number(range.toPrecision(3))));
    this.ranges = [...this.ranges, this.link.range];
    this.link.range = bounded;
  }
  back(): void {
    const last = this.ranges.at(-1);
    if (last === undefined) return;
    this.ranges = this.ranges.slice(0, -1);
    this.link.range = last;
  }

  stop(): void {
    this.landscape.stop();
    this.walks.clear();
    this.distributions.stop();
    this.flatness.stop();
    this.training.stop();
  }
}
