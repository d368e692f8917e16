/** What the view saves: the grid as a picture or a film, every image by itself, one image, and the figures of its charts. */
import type { LowlandClient } from '../../../core/contract/api';
import { coloursFor } from '../../../core/figures/theme';
import type { Shape } from '../../lib/pixels';
import { platform } from '../../platform/platform';
import { drawBatch, imageOf, valuesOf } from '../../plots/grid/batch';
import { meanOf } from '../../plots/chains/geometry';
import { type PlacedGrid } from '../../plots/grid/layout';
import { exportFigure } from '../../state/exports.svelte';
import { type Arranged, arranged, arrangement } from './arrange';
import { methodOf, shortName } from './facts';
import type { Generator } from './generator.svelte';
import { type Trajectory, frameAt, spread } from './trajectory';
import { type VideoKind, encodeVideo } from './video';
import { provenanceOf } from './words';

type Provenance = Record<string, string>;
export type GridFormat = 'png' | 'gif' | 'apng';

/** Milliseconds that a frame of a film stands. */
const delay = 100;
const enlargement = ([height]: Shape): number => Math.max(1, Math.round(112 / height));
const types: Readonly<Record<GridFormat | VideoKind | 'zip', string>> = {
  png: 'image/png',
  gif: 'image/gif',
  apng: 'image/png',
  mp4: 'video/mp4',
  webm: 'video/webm',
  zip: 'application/zip',
};
const endings: Readonly<Record<string, string>> = { apng: 'apng.png' };

/** All sets as they stand on the screen: pixels at one step or at every kept one. */
interface Scene {
  readonly name: string;
  readonly shape: Shape;
  readonly arranged: Arranged;
  readonly ways: readonly Trajectory[];
  readonly provenance: Provenance;
}

function sceneOf(
  generator: Generator,
  grids: readonly (PlacedGrid | undefined)[],
  more: Provenance,
): Scene | undefined {
  const all = generator.lanes.flatMap((lane, i) => {
    const [grid, session, made] = [grids[i], lane.session, lane.made(generator.shown)];
    return grid && session && made ? [{ grid, session, made, way: lane.way }] : [];
  });
  const [first] = all;
  if (!first) return undefined;
  const { shape, labels } = first.session;
  const same = all.filter(
    ({ session }) => session.shape.join() === shape.join() && session.labels.length === labels.length,
  );
  const provenances = same.map(({ made }) => provenanceOf(made, more));
  const [only = {}, ...others] = provenances;
  return {
    name: `${same.map(({ made }) => made.way.model.replaceAll('/', '-')).join('-and-')}-seed${generator.shared.seed}`,
    shape,
    arranged: arrangement(
      same.map(({ grid }) => grid),
      labels.length,
    ),
    ways: same.map(({ way }) => way),
    provenance: others.length > 0 ? { left: JSON.stringify(only), right: JSON.stringify(others[0]) } : only,
  };
}

const pixelsAt = ({ arranged: cells, ways, shape }: Scene, step: number): Uint8Array<ArrayBuffer> =>
  arranged(
    cells,
    ways.map((way) => frameAt(way, step)?.images ?? new Uint8Array()),
    shape,
  );
const stepsOf = ({ ways: [first] }: Scene): number[] => first?.frames.map(({ step }) => step) ?? [];

export class Exporter {
  constructor(
    private readonly client: LowlandClient,
    private readonly generator: Generator,
    /** The grids as they stand on the screen. */
    private readonly grids: () => readonly (PlacedGrid | undefined)[],
    /** What the window knows besides: engine, version. */
    private readonly more: () => Provenance,
  ) {}

  async grid(format: GridFormat): Promise<void> {
    const scene = this.#scene();
    if (!scene) return;
    const steps = format === 'png' ? [this.generator.shown] : stepsOf(scene);
    const { bytes } = await this.client.call('figures.images', {
      format,
      frames: steps.map((step) => pixelsAt(scene, step)),
      shape: [...scene.shape],
      columns: scene.arranged.columns,
      scale: enlargement(scene.shape),
      delay,
      provenance: scene.provenance,
    });
    await this.#save(scene.name, format, bytes);
  }

  async video(kind: VideoKind): Promise<void> {
    const scene = this.#scene();
    if (!scene) return;
    const { shape, arranged: cells } = scene;
    const scale = enlargement(shape);
    const cell = { width: shape[1] * scale, height: shape[0] * scale };
    const canvas = document.createElement('canvas');
    const even = (size: number) => size + (size % 2);
    canvas.width = even(cells.columns * (cell.width + 1) + 1);
    canvas.height = even(cells.rows * (cell.height + 1) + 1);
    const pen = canvas.getContext('2d');
    const steps = stepsOf(scene);
    const bytes = await encodeVideo(kind, {
      canvas,
      frames: steps.length,
      draw: (frame) => {
        if (!pen) return;
        pen.fillStyle = '#ffffff';
        pen.fillRect(0, 0, canvas.width, canvas.height);
        const place = (i: number) => ({
          left: 1 + (i % cells.columns) * (cell.width + 1),
          top: 1 + Math.floor(i / cells.columns) * (cell.height + 1),
        });
        drawBatch(pen, pixelsAt(scene, steps[frame] ?? 0), shape, place, cell);
      },
      delay: delay / 1000,
      title: `Images of ${scene.name}`,
      comment: JSON.stringify(scene.provenance),
    });
    await this.#save(scene.name, kind, bytes);
  }

  /** Every image of each set as a PNG of its own pixels. */
  async zip(): Promise<void> {
    for (const lane of this.generator.lanes) {
      const [frame, made, session] = [
        frameAt(lane.way, this.generator.shown),
        lane.made(this.generator.shown),
        lane.session,
      ];
      if (!frame || !made || !session) continue;
      const { bytes } = await this.client.call('figures.images', {
        format: 'zip',
        frames: [frame.images.slice()],
        shape: [...session.shape],
        columns: 1,
        provenance: provenanceOf(made, this.more()),
      });
      await this.#save(`${made.way.model.replaceAll('/', '-')}-seed${made.shared.seed}`, 'zip', bytes);
    }
  }

  /** The selected image as a PNG with its provenance. */
  async image(lane: number, image: number): Promise<{ name: string; bytes: Uint8Array } | undefined> {
    const from = this.generator.lanes[lane];
    const [frame, made, session] = [
      from && frameAt(from.way, this.generator.shown),
      from?.made(this.generator.shown),
      from?.session,
    ];
    if (!frame || !made || !session) return undefined;
    const label = session.classes[session.labels[image] ?? 0] ?? '';
    const { bytes } = await this.client.call('figures.images', {
      format: 'png',
      frames: [imageOf(frame.images, session.shape, image).slice()],
      shape: [...session.shape],
      columns: 1,
      scale: 8,
      provenance: provenanceOf(made, { ...this.more(), image: String(image + 1), label }),
    });
    return { name: `${made.way.model.replaceAll('/', '-')}-seed${made.shared.seed}-image${image + 1}.png`, bytes };
  }

  async copyImage(lane: number, image: number): Promise<void> {
    const made = await this.image(lane, image);
    if (made) await platform.copyImage(made.bytes);
  }

  async saveImage(lane: number, image: number): Promise<void> {
    const made = await this.image(lane, image);
    if (made) await platform.save(made.name, made.bytes, types.png);
  }

  /** The chart of energies in the export sheet: means with the spread of the chains. */
  chart(quantity: 'E(x)' | 'E(x,y)'): void {
    const { generator } = this;
    const scene = this.#scene();
    if (!scene) return;
    const lines = generator.lanes.map(({ way }) => (quantity === 'E(x)' ? way.marginal : way.joint));
    const labels = generator.ways.map(({ model }, i) =>
      generator.ways.length > 1 ? `${'AB'[i]} · ${shortName(model)}` : shortName(model),
    );
    const colours = coloursFor(
      generator.ways.map(({ model }) => methodOf(model)),
      'light',
    );
    const data = {
      title: `${quantity} along the chains`,
      subtitle: `${generator.shared.n} chains, seed ${generator.shared.seed}`,
      xLabel: 'step',
      yLabel: `${quantity}, nats`,
      caption: 'Lines are means, bands hold all chains.',
      series: lines.map((points, i) => ({
        label: labels[i] ?? '',
        colour: colours[i] ?? '',
        x: points.map(({ step }) => step),
        y: points.map(({ values }) => meanOf(values)),
        low: points.map(({ values }) => Math.min(...values)),
        high: points.map(({ values }) => Math.max(...values)),
      })),
      provenance: scene.provenance,
    };
    const { provenance } = scene;
    exportFigure({ figure: 'line-chart', data, name: `energy-${scene.name}`, provenance });
  }

  /** The way of one image in the export sheet. */
  strip(lane: number, image: number): void {
    const from = this.generator.lanes[lane];
    const [session, made] = [from?.session, from?.made()];
    if (!from || !session || !made) return;
    const { shape, classes, labels } = session;
    const frames = spread(from.way.frames.length, 10).flatMap((at) => from.way.frames[at] ?? []);
    const name = classes[labels[image] ?? 0] ?? '';
    const provenance = provenanceOf(made, { ...this.more(), image: String(image + 1), label: name });
    const images = new Float32Array(frames.length * valuesOf(shape));
    frames.forEach((frame, i) => images.set(imageOf(frame.images, shape, image), i * valuesOf(shape)));
    const data = {
      title: `The way of image ${image + 1}, ${name}`,
      subtitle: `${made.way.model}, seed ${made.shared.seed}`,
      images: images.map((value) => value / 255),
      shape,
      steps: frames.map(({ step }) => step),
      energies: frames.map(({ joint, marginal }) => (joint ?? marginal)[image] ?? NaN),
      quantity: frames[0]?.joint ? 'E(x,y)' : 'E(x)',
      provenance,
    };
    const file = `way-${made.way.model.replaceAll('/', '-')}-seed${made.shared.seed}-image${image + 1}`;
    exportFigure({ figure: 'filmstrip', data, name: file, provenance });
  }

  #scene(): Scene | undefined {
    return sceneOf(this.generator, this.grids(), this.more());
  }

  async #save(name: string, format: keyof typeof types, bytes: Uint8Array): Promise<void> {
    await platform.save(`${name}.${endings[format] ?? format}`, bytes, types[format]);
  }
}
