/**
 * The atlas on its canvas: what is in sight, zoom, scrolling and frames. The scroll offset of the element that scrolls is the vertical
 * place; sideways one moves only while zoomed further than the columns that fit, until the view settles on new ones.
 */
import { type ViewSize, anchorAt, cellRange, offsetX, pointOf, settled } from './camera';
import type { AtlasColours } from './colours';
import { AtlasLayout, type Section, clamp } from './layout';
import { type Level, levelFor, levelsOf, pageRgba } from './levels';
import { type LoadTiles, PageStore } from './pages';
import { paint } from './paint';

export interface AtlasParts {
  readonly canvas: HTMLCanvasElement;
  readonly scroller: HTMLElement;
  /** As tall as all tiles together. */
  readonly spacer: HTMLElement;
}
export interface AtlasSource {
  readonly shape: readonly [number, number, number];
  readonly load: LoadTiles;
  readonly onError: (error: unknown) => void;
  /** Side of a tile, CSS pixels, whenever it changes. */
  readonly onZoom: (cell: number) => void;
}

const headingHeight = 32;
/** Milliseconds without a turn of the wheel until the columns are fitted. */
const rest = 160;

export class AtlasView {
  readonly #levels: readonly Level[];
  readonly #pages: PageStore<ImageBitmap>;
  readonly #context: CanvasRenderingContext2D | null;
  #layout = new AtlasLayout([], { columns: 1, cell: 32, heading: 0 });
  #sections: readonly Section[] = [];
  #order: Uint32Array = new Uint32Array();
  #size: ViewSize = { width: 1, height: 1, ratio: 1 };
  #left = 0;
  #frame = 0;
  #frames = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #colours: AtlasColours | undefined;
  #marks: Uint8Array | undefined;
  #isSelected: (image: number) => boolean = () => false;
  #active: number | undefined;
  #hover: number | undefined;

  constructor(
    private readonly parts: AtlasParts,
    private readonly source: AtlasSource,
  ) {
    const { shape, load, onError } = source;
    this.#levels = levelsOf(shape);
    this.#context = parts.canvas.getContext('2d', { alpha: false });
    this.#pages = new PageStore<ImageBitmap>({
      levels: this.#levels,
      load,
      paint: (pixels, level) => {
        const side = level.across * level.side;
        return createImageBitmap(new ImageData(pageRgba(pixels, shape[2], level), side, side));
      },
      onChange: () => this.redraw(),
      onError,
    });
  }

  get layout(): AtlasLayout {
    return this.#layout;
  }
  get top(): number {
    return this.parts.scroller.scrollTop;
  }

  /** Other images, or another order. Starts at the top. */
  show(order: Uint32Array, sections: readonly Section[]): void {
    this.#order = order;
    this.#sections = sections;
    this.#pages.use(order);
    this.#active = undefined;
    this.#hover = undefined;
    this.parts.canvas.dataset.tiles = String(order.length);
    this.#lay(settled(this.#layout.grid.cell, this.#size));
    this.#scrollTo(0);
  }

  mark(marks: Uint8Array | undefined, isSelected: (image: number) => boolean): void {
    this.#marks = marks;
    this.#isSelected = isSelected;
    this.redraw();
  }

  /** The tile that the keyboard moves. */
  activate(position: number | undefined, reveal: boolean): void {
    this.#active = position;
    if (reveal && position !== undefined) this.reveal(position);
    this.redraw();
  }

  hover(position: number | undefined): void {
    if (position === this.#hover) return;
    this.#hover = position;
    this.redraw();
  }

  colour(colours: AtlasColours): void {
    this.#colours = colours;
    this.redraw();
  }

  resize(size: ViewSize): void {
    const { canvas } = this.parts;
    const anchor = anchorAt(this.#layout, 0, this.top);
    const position = this.#layout.nearest(0, this.top);
    this.#size = size;
    canvas.width = Math.max(1, Math.round(size.width * size.ratio));
    canvas.height = Math.max(1, Math.round(size.height * size.ratio));
    canvas.style.width = `${size.width}px`;
    canvas.style.height = `${size.height}px`;
    const { columns } = this.#layout.grid;
    this.#lay(settled(this.#layout.grid.cell, size));
    if (columns === this.#layout.grid.columns) this.#scrollTo(pointOf(this.#layout, anchor).y);
    else if (position !== undefined && this.top > 0) this.#scrollTo(this.#layout.place(position).y);
    // a canvas of another size is empty until it is drawn
    this.#draw();
  }

  /** Makes tiles `factor` times as large about a point of the view; the columns are fitted when that rests. */
  zoom(factor: number, x: number, y: number): void {
    const { least, most } = cellRange(this.#layout.total, this.#size);
    const cell = clamp(this.#layout.grid.cell * factor, least, most);
    if (cell === this.#layout.grid.cell) return;
    const anchor = anchorAt(this.#layout, x + this.#offset, y + this.top);
    this.#lay({ cell, columns: this.#layout.grid.columns });
    const point = pointOf(this.#layout, anchor);
    this.#left = point.x - x;
    this.#scrollTo(point.y - y);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.settle(x, y), rest);
  }

  /** Zooms at once, about a tile or the middle. */
  step(factor: number): void {
    const { width, height } = this.#size;
    const active = this.#active === undefined ? undefined : this.#layout.place(this.#active);
    const half = this.#layout.grid.cell / 2;
    const inSight = active && active.y + half >= this.top && active.y + half <= this.top + height;
    const [x, y] = inSight ? [active.x - this.#offset + half, active.y - this.top + half] : [width / 2, height / 2];
    this.zoom(factor, x, y);
    this.settle(x, y);
  }

  /** Fits the columns to the width; the tile at this point keeps its height in the view. */
  settle(x = this.#size.width / 2, y = this.#size.height / 2): void {
    clearTimeout(this.#rest);
    const position = this.#layout.nearest(x + this.#offset, y + this.top);
    const before = position === undefined ? 0 : this.#layout.place(position).y - this.top;
    this.#lay(settled(this.#layout.grid.cell, this.#size));
    this.#left = 0;
    if (position !== undefined) this.#scrollTo(this.#layout.place(position).y - before);
  }

  /** Moves the view by CSS pixels. */
  pan(right: number, down: number): void {
    this.#left = this.#offset + right;
    this.#scrollTo(this.top + down);
  }

  reveal(position: number): void {
    const { y } = this.#layout.place(position);
    const { cell, heading } = this.#layout.grid;
    const { height } = this.#size;
    if (y - heading < this.top) this.#scrollTo(y - heading - (y + cell < this.top - height ? height / 3 : 0));
    else if (y + cell > this.top + height)
      this.#scrollTo(y + cell - height + (y > this.top + 2 * height ? height / 3 : 0));
  }

  /** The position at a point of the view. */
  at(x: number, y: number): number | undefined {
    return this.#layout.at(x + this.#offset, y + this.top);
  }

  /** Tries again what could not be fetched. */
  retry(): void {
    this.#pages.retry();
    this.redraw();
  }

  redraw(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  destroy(): void {
    clearTimeout(this.#rest);
    cancelAnimationFrame(this.#frame);
    this.#pages.clear();
  }

  get #offset(): number {
    return offsetX(this.#left, this.#layout.width, this.#size.width);
  }

  #lay(grid: { readonly cell: number; readonly columns: number }): void {
    const heading = this.#sections.some(({ title }) => title) ? headingHeight : 0;
    this.#layout = new AtlasLayout(this.#sections, { ...grid, heading });
    this.parts.spacer.style.height = `${this.#layout.height}px`;
    this.source.onZoom(grid.cell);
    this.redraw();
  }

  #scrollTo(top: number): void {
    this.parts.scroller.scrollTop = clamp(top, 0, Math.max(0, this.#layout.height - this.#size.height));
    this.redraw();
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { canvas } = this.parts;
    const { width, height, ratio } = this.#size;
    const level = levelFor(this.#levels, this.#layout.grid.cell * ratio);
    if (this.#context && this.#colours) {
      const missing = paint(this.#context, {
        layout: this.#layout,
        order: this.#order,
        levels: this.#levels,
        level,
        left: this.#offset,
        top: this.top,
        width,
        height,
        ratio,
        page: (at, index) => this.#pages.get(at, index),
        marks: this.#marks,
        isSelected: this.#isSelected,
        active: this.#active,
        hover: this.#hover,
        colours: this.#colours,
      });
      this.#pages.want([...missing.map((page) => ({ level, page })), ...this.#ahead(level)]);
    }
    canvas.dataset.frames = String(++this.#frames);
    canvas.dataset.pending = String(this.#pages.pending);
  }

  /** Pages just below and above the view, then the whole at its coarsest, which stands in while others are on their way. */
  #ahead(level: number): { level: number; page: number }[] {
    const { tiles = 1 } = this.#levels[level] ?? {};
    const { height } = this.#size;
    const last = Math.ceil(this.#layout.total / tiles) - 1;
    const pageAt = (y: number) => Math.floor((this.#layout.nearest(0, y) ?? 0) / tiles);
    const near = [pageAt(this.top + height) + 1, pageAt(this.top + 2 * height), pageAt(this.top - height)]
      .filter((page) => page >= 0 && page <= last)
      .map((page) => ({ level, page }));
    const coarse = Math.max(level, Math.min(this.#levels.length - 1, 3));
    const whole = Math.min(8, Math.ceil(this.#layout.total / (this.#levels[coarse]?.tiles ?? 1)));
    return [...near, ...Array.from({ length: whole }, (_, page) => ({ level: coarse, page }))];
  }
}
