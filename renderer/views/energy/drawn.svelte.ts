/** The planes as they are drawn: energies on one scale, where their panels stand, and what lies over them. */
import { heightFor } from '../../../core/figures/camera';
import { thresholdsOf } from '../../../core/figures/contour-panels';
import { fullRange, sharedRange } from '../../../core/figures/contour-range';
import { coloursFor } from '../../../core/figures/theme';
import { type Margins, arrange, flatMargins } from '../../plots/contours/layout';
import { type Offset, ballOutline } from '../../plots/contours/plane';
import { room } from '../../plots/surface3d/orbit';
import { theme } from '../../state/theme.svelte';
import { planeOf, symbols, unitOf } from './question';
import type { EnergyState } from './state.svelte';

/** Its room is kept free, so that panels do not change their size when it comes. */
const scrollbar = 12;

/** A point of a toy, in the colour of its class. */
export interface DataPoint extends Offset {
  readonly colour: string;
}

export class Drawn {
  /** Of the surface, in CSS pixels. */
  width = $state(0);
  height = $state(0);

  constructor(private readonly scene: EnergyState) {}

  readonly solid = $derived.by(() => this.scene.link.form === 'solid' && this.scene.flatBecause === '');
  readonly margins = $derived.by((): Margins =>
    this.solid
      ? {
          left: 12,
          gap: 12,
          above: flatMargins.above,
          below: 6,
          ratio: heightFor(this.scene.view, 400, room) / 400,
          smallest: 210,
        }
      : flatMargins,
  );
  readonly panels = $derived.by(() =>
    this.scene.landscape.panels.map((panel) => {
      const plane = panel.level && planeOf(panel.level, this.scene.energy);
      return { ...panel, plane, own: plane && fullRange(plane.grid) };
    }),
  );
  readonly layout = $derived.by(() =>
    arrange(this.panels.length, { width: this.width - scrollbar, height: this.height - 16 }, this.margins),
  );

  /** Of all panels; undefined while none is there. */
  readonly range = $derived.by(() => sharedRange(this.panels.flatMap(({ plane }) => plane?.grid ?? [])));
  readonly thresholds = $derived.by(() => (this.range ? thresholdsOf(this.range) : []));
  readonly unit = $derived.by(() => unitOf(this.scene.link.norm, this.scene.toy));
  readonly symbol = $derived.by(() => symbols[this.scene.energy]);
  /** Whether energies lie below or above the scale. */
  readonly beyond = $derived.by(() => {
    const { range } = this;
    const ends = this.panels.flatMap(({ own }) => own ?? []);
    return {
      below: range !== undefined && ends.some(({ low }) => low < range.low),
      above: range !== undefined && ends.some(({ high }) => high > range.high),
    };
  });
  readonly quantity = $derived.by(() =>
    this.panels.some(({ level }) => level && !level.offset)
      ? `${this.symbol}, nats`
      : `${this.symbol} minus the mean over clean images, nats`,
  );

  /** The border of the ball on each model's plane. */
  readonly balls = $derived.by((): ReadonlyMap<string, readonly Offset[]> => {
    const { star, question, landscape } = this.scene;
    return new Map(
      landscape.panels.map(({ model, level }) => {
        if (!level || !question || !star) return [model, []];
        const round = ballOutline(level.u, level.v, question.norm, question.eps);
        return [model, round.map(({ a, b }) => ({ a: a + star.a, b: b + star.b }))];
      }),
    );
  });
  readonly points = $derived.by((): readonly DataPoint[] => {
    const { toyPoints, toy, opened } = this.scene;
    const found = toyPoints.value;
    if (!toy || !found || !opened) return [];
    const colours = coloursFor(opened.classes, theme.name);
    return Array.from(found.labels, (label, i) => ({
      a: (found.values[2 * i] ?? NaN) - 0.5,
      b: (found.values[2 * i + 1] ?? NaN) - 0.5,
      colour: colours[label] ?? '#888888',
    }));
  });

  /** The walk over a model's plane; of a toy, from its point. */
  walksOf(model: string): { a: Float32Array; b: Float32Array }[] {
    const { walks, star, toy } = this.scene;
    const walk = walks.found.get(model);
    if (!walk || !star) return [];
    if (!toy) return [walk];
    return [{ a: walk.a.map((each) => each + star.a), b: walk.b.map((each) => each + star.b) }];
  }

  /** The point of a toy that lies nearest becomes the star. */
  pick(at: Offset): void {
    let best = { index: -1, far: Infinity };
    this.points.forEach(({ a, b }, index) => {
      const far = Math.hypot(a - at.a, b - at.b);
      if (far < best.far) best = { index, far };
    });
    if (best.index >= 0) this.scene.goTo(best.index);
  }
}
