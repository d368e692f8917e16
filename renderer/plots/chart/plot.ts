/** A live chart in an element: keeps what is to be drawn and draws it when a frame has room. */
import uPlot from 'uplot';
import { themes } from '../../../core/figures/theme';
import type { Curve, Range } from './curve';
import { frames } from './frames';
import { type AxisLook, plotOptions } from './options';
import { type Painted, paint } from './paint';
import { heightRange, withTicks } from './range';
import { reduced } from './reduce';

export interface PlotModel extends AxisLook {
  readonly curves: readonly Curve[];
  readonly range: Range;
  /** Values that the smoothing looks back over; 1 for none. */
  readonly span: number;
  readonly trim: boolean;
  readonly fixed?: Range;
}
export interface PlotEvents {
  readonly hover: (x: number | undefined) => void;
  readonly zoom: (range: Range | undefined) => void;
}

export class Plot {
  #plot: uPlot | undefined;
  #model: PlotModel | undefined;
  #painted: readonly Painted[] = [];
  #cursor: number | undefined;
  readonly #line = Object.assign(document.createElement('div'), { className: 'cursor-line' });
  readonly #draw = () => this.#now();

  constructor(
    private readonly host: HTMLElement,
    private readonly events: PlotEvents,
  ) {}

  /** Draws this in one of the next frames. */
  show(model: PlotModel): void {
    const before = this.#model;
    this.#model = model;
    if (before && (before.theme !== model.theme || before.log !== model.log || before.clock !== model.clock))
      this.#remove();
    frames.request(this.#draw);
  }

  /** Marks a place on the x axis. */
  mark(x: number | undefined): void {
    this.#cursor = x;
    this.#place();
  }

  destroy(): void {
    frames.cancel(this.#draw);
    this.#remove();
  }

  #remove(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #now(): void {
    const model = this.#model;
    const { clientWidth: width, clientHeight: height } = this.host;
    if (!model || width < 80 || height < 60) return;
    const plot = (this.#plot ??= this.#make(model, width, height));
    if (plot.width !== width || plot.height !== height) plot.setSize({ width, height });
    const columns = Math.max(50, Math.round(plot.bbox.width / devicePixelRatio));
    const { curves, range, span } = model;
    this.#painted = curves.map((curve) => ({
      curve,
      main: reduced(curve, range, columns, curve.points ? 1 : span),
      superseded: curve.superseded.map((part) => reduced(part, range, columns, 1)),
    }));
    const [low, high] =
      heightRange(
        this.#painted.map(({ main }) => main),
        model,
      ) ?? (model.log ? [0.1, 1] : [0, 1]);
    const [from, to] = withTicks(range);
    const [bottom, top] = withTicks([low, high]);
    plot.batch(() => {
      plot.setScale('x', { min: from, max: to });
      plot.setScale('y', { min: bottom, max: top });
    });
    // a scale that stays as it was draws nothing by itself
    plot.redraw(false, false);
    this.#place();
  }

  #make(model: PlotModel, width: number, height: number): uPlot {
    const formats = {
      formatX: (value: number) => (this.#model ?? model).formatX(value),
      formatY: (value: number) => (this.#model ?? model).formatY(value),
    };
    const plot = new uPlot(
      plotOptions(
        { ...model, ...formats },
        { width, height },
        {
          painted: (drawn) => this.#paint(drawn),
          selected: (from, to) => this.events.zoom([from, to]),
          reset: () => this.events.zoom(undefined),
        },
      ),
      [
        [0, 1],
        [0, 1],
      ],
      this.host,
    );
    plot.over.append(this.#line);
    plot.over.addEventListener('pointermove', ({ offsetX, target }) => {
      if (target === plot.over) this.events.hover(plot.posToVal(offsetX, 'x'));
    });
    plot.over.addEventListener('pointerleave', () => this.events.hover(undefined));
    return plot;
  }

  #paint(plot: uPlot): void {
    const model = this.#model;
    if (!model) return;
    const ground = {
      ctx: plot.ctx,
      box: plot.bbox,
      x: (value: number) => plot.valToPos(value, 'x', true),
      y: (value: number) => (model.log && value <= 0 ? NaN : plot.valToPos(value, 'y', true)),
      ratio: devicePixelRatio,
      faint: themes[model.theme].ink3,
    };
    paint(ground, this.#painted, model.span > 1);
  }

  #place(): void {
    const [from = 0, to = 0] = this.#model?.range ?? [];
    const x = this.#cursor;
    const shown = this.#plot !== undefined && x !== undefined && x >= from && x <= to;
    this.#line.hidden = !shown;
    if (shown && this.#plot) this.#line.style.transform = `translateX(${Math.round(this.#plot.valToPos(x, 'x'))}px)`;
  }
}
