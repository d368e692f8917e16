/** Everything the datasets view knows: its address, the datasets that there are, the open split, the chosen image; and what one can do. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Catalogue } from '../../../core/contract/areas/catalogue';
import type { Side } from '../../../core/contract/areas/common';
import type { ListedDataset } from '../../../core/contract/areas/datasets';
import { platform } from '../../platform/platform';
import { route } from '../../state/route.svelte';
import { toasts } from '../../state/toasts.svelte';
import { Adding } from './adding.svelte';
import { Browser, type ScorePlan } from './browser.svelte';
import { type OwnFile, droppedFiles } from './files';
import { Loaded } from './loaded.svelte';
import { ModelList } from './models.svelte';
import type { Subject } from './subject';

export class DatasetsState {
  readonly place = route.link({
    dataset: '',
    side: 'test',
    index: -1,
    model: '',
    models: [],
    sort: 'index',
    descending: false,
    grouped: false,
    classes: [],
    show: [],
  });
  readonly browser: Browser;
  readonly models: ModelList;
  readonly adding: Adding;
  readonly listed = new Loaded<readonly ListedDataset[]>();
  readonly catalogue = new Loaded<Catalogue>();
  readonly subject = new Loaded<Subject>();

  /** The sheet that is open. */
  sheet = $state<'add' | 'score' | 'statistics'>();
  /** What the add sheet begins with. */
  wanted = $state('');
  files = $state.raw<readonly OwnFile[]>([]);
  /** About to be removed, once that is confirmed. */
  doomed = $state.raw<ListedDataset>();

  constructor(readonly client: LowlandClient) {
    this.browser = new Browser(client);
    this.models = new ModelList(client);
    this.adding = new Adding(client);
  }

  readonly dataset = $derived.by(() => this.place.dataset);
  readonly side = $derived.by((): Side => (this.place.side === 'train' ? 'train' : 'test'));
  /** The split that was opened last; while another is on its way, still the one before. */
  readonly split = $derived.by(() => this.browser.split.value);
  /** The split of the address, once it is open. */
  readonly open = $derived.by(() =>
    this.split?.dataset === this.dataset && this.split.side === this.side ? this.split : undefined,
  );
  /** Where to go when the dataset cannot be opened: a known one can be added, and opens when it has come. */
  readonly wayOut = $derived.by(() =>
    (this.listed.value ?? []).some(({ id, state }) => id === this.dataset && state === 'not added')
      ? { label: 'Add it', run: () => this.add(this.dataset) }
      : { label: 'Show all datasets', run: () => this.place.set({ dataset: '', index: -1 }) },
  );

  load(): void {
    this.list();
    this.models.load();
    void this.catalogue.ask((signal) => this.client.call('catalogue.read', {}, { signal }));
  }
  list(): void {
    void this.listed.ask((signal) => this.client.call('datasets.list', {}, { signal }));
  }
  /** To the list of all; "back" comes here again. */
  showAll(): void {
    this.place.set({ dataset: '', index: -1 }, { push: true });
  }

  /** The image of the address; one that is not there is said and left. */
  openSubject(): void {
    const { open, dataset, side, place } = this;
    const { index } = place;
    if (!open || index < 0) return this.subject.clear();
    const size = open.labels.length;
    if (index >= size) {
      toasts.show({ text: `There is no image ${index}: the ${side} side has 0 to ${size - 1}.`, tone: 'warn' });
      place.index = -1;
      return;
    }
    const images = Uint32Array.of(index);
    void this.subject.ask(async (signal): Promise<Subject> => {
      const { values } = await this.client.call('datasets.values', { dataset, side, images }, { signal });
      const { shape, classes, budgets } = open.details;
      const pixels = new Float32Array(values);
      return { dataset, side, index, shape, pixels, label: open.labels[index] ?? 0, classes, budgets };
    });
  }

  score(plan: ScorePlan): void {
    this.place.model = plan.model;
    void this.browser.score(plan);
  }

  add(which = '', files: readonly OwnFile[] = []): void {
    this.wanted = which;
    this.files = files;
    this.adding.forget();
    this.sheet = 'add';
  }
  async drop(items: readonly DataTransferItem[]): Promise<void> {
    try {
      this.add('', await droppedFiles(items));
    } catch (error) {
      toasts.error(error);
    }
  }
  check(dataset: string): void {
    this.client
      .call('jobs.submit', { job: { kind: 'check-dataset', dataset } })
      .catch((error: unknown) => toasts.error(error));
  }
  async remove({ id, title }: ListedDataset): Promise<void> {
    this.doomed = undefined;
    try {
      await this.client.call('datasets.remove', { dataset: id });
      toasts.show({ text: `${title} was removed.` });
      if (this.dataset === id) this.place.set({ dataset: '', index: -1 });
    } catch (error) {
      toasts.error(error);
    }
    this.list();
  }
  /** The selected images, as a zip. */
  async save(): Promise<void> {
    const indices = Uint32Array.from([...this.browser.selected].sort((a, b) => a - b));
    const { dataset, side } = this;
    try {
      const { name, bytes } = await this.client.call('datasets.export', { dataset, side, indices });
      const saved = await platform.save(name, bytes, 'application/zip');
      if (saved !== null) toasts.show({ text: `Saved ${saved}`, tone: 'good' });
    } catch (error) {
      toasts.error(error);
    }
  }
}
