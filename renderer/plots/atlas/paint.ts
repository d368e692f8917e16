/** One frame of the atlas on a 2-D canvas: runs of tiles, headings, and what is marked, selected or under the pointer. */
import type { AtlasColours } from './colours';
import type { AtlasLayout, VisibleRows } from './layout';
import type { Level } from './levels';
import { preference, runsOf } from './runs';

/** What a tile's border says; the index is the value in `marks`. */
export const markNames = ['none', 'wrong', 'fooled'] as const;

export interface Scene {
  readonly layout: AtlasLayout;
  /** Image of each position. */
  readonly order: Uint32Array;
  readonly levels: readonly Level[];
  readonly level: number;
  /** Of the view's top left, CSS pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly page: (level: number, page: number) => CanvasImageSource | undefined;
  /** Of each image, as in `markNames`. */
  readonly marks: Uint8Array | undefined;
  readonly isSelected: (image: number) => boolean;
  /** Positions. */
  readonly active: number | undefined;
  readonly hover: number | undefined;
  readonly colours: AtlasColours;
}

/** From here on, device pixels. */
const bordersFrom = 7;
const linesFrom = 18;

/** Draws the scene. @returns the pages of the wanted level that are in sight and not there, top first. */
export function paint(context: CanvasRenderingContext2D, scene: Scene): number[] {
  const { layout, colours, ratio, width, height, top } = scene;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, Math.ceil(width * ratio), Math.ceil(height * ratio));
  const seen = layout.visible(top, top + height);
  const missing = tiles(context, scene, seen);
  if (layout.grid.cell * ratio >= linesFrom) gridLines(context, scene, seen);
  if (layout.grid.cell * ratio >= bordersFrom) marks(context, scene, seen);
  for (const { section } of seen) heading(context, scene, section);
  outline(context, scene, scene.hover, colours.ink, 1);
  outline(context, scene, scene.active, colours.accent, 3);
  return missing;
}

/** Device pixels of an edge: whole, so that neighbours meet. */
const edgeX = ({ layout, left, ratio }: Scene, column: number) =>
  Math.round((column * layout.grid.cell - left) * ratio);
const edgeY = ({ layout, top, ratio }: Scene, section: number, row: number) =>
  Math.round((layout.firstRow(section) + row * layout.grid.cell - top) * ratio);

function tiles(context: CanvasRenderingContext2D, scene: Scene, seen: readonly VisibleRows[]): number[] {
  const { layout, levels, level, left, width, page, colours } = scene;
  const { columns, cell } = layout.grid;
  const [first, last] = [Math.max(0, Math.floor(left / cell)), Math.min(columns, Math.ceil((left + width) / cell))];
  const order = preference(levels.length, level);
  const has = (at: number, index: number) => page(at, index) !== undefined;
  const missing = new Set<number>();
  const across = levels[level]?.tiles ?? 1;
  for (const { section, from, to } of seen) {
    const start = layout.starts[section] ?? 0;
    const end = start + (layout.sections[section]?.count ?? 0);
    for (let row = from; row < to; row++) {
      const begin = start + row * columns;
      const [y, below] = [edgeY(scene, section, row), edgeY(scene, section, row + 1)];
      for (const run of runsOf(levels, order, begin + first, Math.min(begin + last, end), has)) {
        const x = edgeX(scene, run.position - begin);
        const right = edgeX(scene, run.position - begin + run.count);
        if (run.level !== level || !run.ready) missing.add(Math.floor(run.position / across));
        const image = run.ready ? page(run.level, run.page) : undefined;
        const source = levels[run.level];
        if (image && source) {
          const { side, across: inRow } = source;
          context.imageSmoothingEnabled = side * run.count > right - x;
          context.drawImage(
            image,
            (run.tile % inRow) * side,
            Math.floor(run.tile / inRow) * side,
            run.count * side,
            side,
            x,
            y,
            right - x,
            below - y,
          );
        } else {
          context.fillStyle = colours.sunken;
          context.fillRect(x, y, right - x, below - y);
        }
      }
    }
  }
  return [...missing].sort((a, b) => a - b);
}

function gridLines(context: CanvasRenderingContext2D, scene: Scene, seen: readonly VisibleRows[]): void {
  const { layout, colours } = scene;
  const { columns } = layout.grid;
  context.fillStyle = colours.paper;
  const right = edgeX(scene, columns);
  for (const { section, from, to } of seen) {
    if (to <= from) continue;
    const [top, bottom] = [edgeY(scene, section, from), edgeY(scene, section, to)];
    for (let row = from + 1; row <= to; row++)
      context.fillRect(edgeX(scene, 0), edgeY(scene, section, row) - 1, right, 1);
    for (let column = 1; column <= columns; column++) context.fillRect(edgeX(scene, column) - 1, top, 1, bottom - top);
  }
}

function marks(context: CanvasRenderingContext2D, scene: Scene, seen: readonly VisibleRows[]): void {
  const { layout, order, marks: marked, isSelected, colours, ratio, left, width } = scene;
  const { columns, cell } = layout.grid;
  const [first, last] = [Math.max(0, Math.floor(left / cell)), Math.min(columns, Math.ceil((left + width) / cell))];
  const paths = { wrong: new Path2D(), fooled: new Path2D(), selected: new Path2D() };
  const thick = Math.max(1, Math.round(Math.min(2 * ratio, cell * ratio * 0.08)));
  const frame = (path: Path2D, x: number, y: number, w: number, h: number) =>
    path.rect(x + thick / 2, y + thick / 2, w - thick, h - thick);
  for (const { section, from, to } of seen) {
    const start = layout.starts[section] ?? 0;
    const end = start + (layout.sections[section]?.count ?? 0);
    for (let row = from; row < to; row++) {
      const [y, below] = [edgeY(scene, section, row), edgeY(scene, section, row + 1)];
      for (let column = first; column < last; column++) {
        const position = start + row * columns + column;
        if (position >= end) break;
        const image = order[position] ?? 0;
        const name = markNames[marked?.[image] ?? 0] ?? 'none';
        const selected = isSelected(image);
        if (name === 'none' && !selected) continue;
        const x = edgeX(scene, column);
        const [w, h] = [edgeX(scene, column + 1) - x, below - y];
        if (name !== 'none') frame(paths[name], x, y, w, h);
        if (selected) paths.selected.rect(x, y, w, h);
      }
    }
  }
  context.lineWidth = thick;
  // dashes tell the second kind apart without its colour
  for (const [path, colour, dashes] of [
    [paths.wrong, colours.bad, []],
    [paths.fooled, colours.warn, [3 * thick, 2 * thick]],
  ] as const) {
    context.setLineDash([...dashes]);
    context.strokeStyle = colour;
    context.stroke(path);
  }
  context.setLineDash([]);
  context.globalAlpha = 0.2;
  context.fillStyle = colours.accent;
  context.fill(paths.selected);
  context.globalAlpha = 1;
  context.strokeStyle = colours.accent;
  context.stroke(paths.selected);
}

function heading(context: CanvasRenderingContext2D, scene: Scene, section: number): void {
  const { layout, top, ratio, colours } = scene;
  const { heading: height } = layout.grid;
  const { title, count } = layout.sections[section] ?? { title: '', count: 0 };
  if (height === 0) return;
  const y = ((layout.tops[section] ?? 0) - top + height - 9) * ratio;
  // beside the first tile, also while the whole is zoomed out of the view
  const x = Math.max(edgeX(scene, 0), 0) + 4 * ratio;
  context.textBaseline = 'alphabetic';
  context.fillStyle = colours.ink;
  context.font = `600 ${13 * ratio}px ${colours.font}`;
  context.fillText(title, x, y);
  const after = context.measureText(title).width + 8 * ratio;
  context.fillStyle = colours.faint;
  context.font = `${12 * ratio}px ${colours.font}`;
  context.fillText(String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f'), x + after, y);
}

/** A frame round one tile: colour over a line of paper, so that it shows on any image. */
function outline(
  context: CanvasRenderingContext2D,
  scene: Scene,
  position: number | undefined,
  colour: string,
  thickness: number,
): void {
  const { layout, ratio, left, top, colours } = scene;
  if (position === undefined || position >= layout.total) return;
  const { x, y } = layout.place(position);
  const size = Math.round(layout.grid.cell * ratio);
  const [at, down] = [Math.round((x - left) * ratio), Math.round((y - top) * ratio)];
  const thick = Math.max(1, Math.round(thickness * ratio));
  context.lineWidth = thick + 2 * ratio;
  context.strokeStyle = colours.paper;
  context.strokeRect(at, down, size, size);
  context.lineWidth = thick;
  context.strokeStyle = colour;
  context.strokeRect(at, down, size, size);
}
