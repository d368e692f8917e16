/**
 * The same noise walked down several energies, side by side: one panel for each model; within it a row for each class and a column
 * for each step, or a row for each step and a column for each class.
 */
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import { type FigureText, emptyFigure, frame, margin } from './frame';
import { type DrawnPanel, imagePanel } from './image-panel';
import { fit } from './text-width';
import { type ThemeName, seriesColour, themes } from './theme';
import { at, el, textAt } from './xml';

export interface DescentModel {
  readonly label: string;
  /** What trained the model: chooses the colour over the panel; by default the label. */
  readonly method?: string | undefined;
  readonly subtitle?: string;
  /** At each step the chains of all classes, [classes, h, w, c] in [0,1]. */
  readonly frames: readonly { readonly step: number; readonly images: Float32Array }[];
}

export interface Descent extends FigureText {
  readonly models: readonly DescentModel[];
  readonly shape: ImageShape;
  readonly classes: readonly string[];
  readonly rows: 'classes' | 'steps';
}

const target = 48;
const panelGap = 24;
const headHeight = 30;
const subtitleHeight = 15;

/** Frame by frame to class by class. */
function byClass({ frames }: DescentModel, classes: number, length: number): Float32Array {
  const out = new Float32Array(frames.length * classes * length);
  frames.forEach(({ images }, step) => {
    for (let k = 0; k < classes; k++)
      out.set(images.subarray(k * length, (k + 1) * length), (k * frames.length + step) * length);
  });
  return out;
}

function joined({ frames }: DescentModel, length: number): Float32Array {
  const out = new Float32Array(frames.length * length);
  frames.forEach(({ images }, step) => {
    out.set(images, step * length);
  });
  return out;
}

/** @throws AppError BAD_DATA when a frame does not hold one image for each class. */
export function descentFigure(data: Descent, theme: ThemeName): string {
  const { models, shape, classes, rows } = data;
  const length = shape[0] * shape[1] * shape[2];
  if (classes.length === 0 || models.every(({ frames }) => frames.length === 0))
    return emptyFigure(data, 560, 'There is no chain to show.', theme);
  const { ink, ink2 } = themes[theme];
  const panels = models.map((model, i): DrawnPanel => {
    const wrong = model.frames.find(({ images }) => images.length !== classes.length * length);
    if (wrong)
      throw new AppError(
        'BAD_DATA',
        `Step ${wrong.step} of '${model.label}' has ${wrong.images.length} values for ${classes.length} classes.`,
      );
    const steps = model.frames.map(({ step }) => (step === 0 ? 'noise' : String(step)));
    const images = rows === 'classes' ? byClass(model, classes.length, length) : joined(model, classes.length * length);
    const labels = rows === 'classes' ? { rows: classes, columns: steps } : { rows: steps, columns: classes };
    return imagePanel({ images, shape, ...labels }, target, themes[theme], i === 0 || rows === 'steps');
  });
  const head = headHeight + (models.some(({ subtitle }) => subtitle) ? subtitleHeight : 0);
  let left = margin;
  const body = models.map(({ label, method = label, subtitle = '' }, i) => {
    const { width, height, markup } = panels[i] ?? { width: 0, height: 0, markup: '' };
    const colour = seriesColour(method, theme);
    const drawn = at(
      left,
      0,
      colour ? el('rect', { y: 4, width, height: 3, rx: 1.5, fill: colour }) : '',
      textAt(0, 24, fit(label, 13, width), { fill: ink, size: 13, weight: 600 }),
      textAt(0, 39, fit(subtitle, 11, width), { fill: ink2 }),
      at(0, head, markup),
    );
    left += width + panelGap;
    return { drawn, height: head + height };
  });
  const description = `The same noise walked down the energies of ${models.map(({ label }) => label).join(', ')}: ${classes.join(', ')}.`;
  const width = Math.ceil(Math.max(360, left - panelGap + margin));
  const height = Math.max(...body.map((panel) => panel.height));
  return frame({ words: data, width, height, description }, theme, ...body.map(({ drawn }) => drawn));
}
