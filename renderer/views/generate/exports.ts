/** What the view saves: the grid as a picture or a film, every image by itself, one image; and the figures of its charts. */
import type { LowlandClient } from '../../../core/contract/api';
import type { Shape } from '../../lib/pixels';
import { platform } from '../../platform/platform';
import { drawBatch, imageOf } from '../../plots/grid/batch';
import { type PlacedGrid } from '../../plots/grid/layout';
import { exportFigure } from '../../state/exports.svelte';
import { chartOf, stripOf } from './figures';
import type { Generator } from './generator.svelte';
import { type Provenance, type Scene, pixelsAt, sceneOf, stepsOf } from './scene';
import { frameAt } from './trajectory';
import { type VideoKind, encodeVideo } from './video';
import { provenanceOf } from './words';

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

  /** The chart of energies in the export sheet. */
  chart(quantity: 'E(x)' | 'E(x,y)'): void {
    const scene = this.#scene();
    if (scene) exportFigure(chartOf(this.generator, scene, quantity));
  }

  /** The way of one image in the export sheet. */
  strip(lane: number, image: number): void {
    const from = this.generator.lanes[lane];
    const figure = from && stripOf(from, image, this.more());
    if (figure) exportFigure(figure);
  }

  #scene(): Scene | undefined {
    return sceneOf(this.generator, this.grids(), this.more());
  }

  async #save(name: string, format: keyof typeof types, bytes: Uint8Array): Promise<void> {
    await platform.save(`${name}.${endings[format] ?? format}`, bytes, types[format]);
  }
}
