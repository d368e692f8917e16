/**
 * The same noise walked down several energies, side by side: one panel for each model; within it a row for each class and a column
 * for each step, or a row for each step and a column for each class.
 */
import type { ImageShape } from '../data/dataset';
import { AppError } from '../lib/errors';
import { type FigureSize, type FigureText, emptyFigure, frame, margin, widthWithin } from './frame';
import { type DrawnPanel, imagePanel, labelWidth } from './image-panel';
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
const rowGap = 12;
/** Panels with less room for their images go to the next row. */
const narrowest = 110;
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

/** How many panels stand in a row of `inner` px, and how wide the images of one may be. */
function rowsOf(count: number, inner: number, labels: number, everywhere: boolean): { perRow: number; within: number } {
  const room = (perRow: number) => (inner - (perRow - 1) * panelGap - (everywhere ? perRow : 1) * labels) / perRow;
  let perRow = Math.max(1, count);
  while (perRow > 1 && room(perRow) < narrowest) perRow--;
  const balanced = Math.ceil(count / Math.ceil(count / perRow));
  return { perRow: balanced, within: room(balanced) };
}

/** @throws AppError BAD_DATA when a frame does not hold one image for each class. */
export function descentFigure(data: Descent, theme: ThemeName, size: FigureSize = {}): string {
  const { models, shape, classes, rows } = data;
  const length = shape[0] * shape[1] * shape[2];
  if (classes.length === 0 || models.every(({ frames }) => frames.length === 0))
    return emptyFigure(data, widthWithin(size, 560), 'There is no chain to show.', theme);
  const { ink, ink2 } = themes[theme];
  const inner = widthWithin(size, 0) - 2 * margin;
  const labels = labelWidth(rows === 'classes' ? classes : ['noise']);
  const given = size.width === undefined ? undefined : rowsOf(models.length, inner, labels, rows === 'steps');
  const perRow = given?.perRow ?? models.length;
  const panels = models.map((model, i): DrawnPanel => {
    const wrong = model.frames.find(({ images }) => images.length !== classes.length * length);
    if (wrong)
      throw new AppError(
        'BAD_DATA',
        `Step ${wrong.step} of '${model.label}' has ${wrong.images.length} values for ${classes.length} classes.`,
      );
    const steps = model.frames.map(({ step }) => (step === 0 ? 'noise' : String(step)));
    const images = rows === 'classes' ? byClass(model, classes.length, length) : joined(model, classes.length * length);
    const words = rows === 'classes' ? { rows: classes, columns: steps } : { rows: steps, columns: classes };
    const first = i % perRow === 0 || rows === 'steps';
    return imagePanel({ images, shape, ...words }, given ?? { target }, themes[theme], first);
  });
  const head = headHeight + (models.some(({ subtitle }) => subtitle) ? subtitleHeight : 0);
  const rowHeight = head + Math.max(...panels.map(({ height }) => height));
  let left = margin;
  let widest = 0;
  const body = models.map(({ label, method = label, subtitle = '' }, i) => {
    const { width, markup } = panels[i] ?? { width: 0, markup: '' };
    const colour = seriesColour(method, theme);
    if (i % perRow === 0) left = margin;
    const drawn = at(
      left,
      Math.floor(i / perRow) * (rowHeight + rowGap),
      colour ? el('rect', { y: 4, width, height: 3, rx: 1.5, fill: colour }) : '',
      textAt(0, 24, fit(label, 13, width), { fill: ink, size: 13, weight: 600 }),
      textAt(0, 39, fit(subtitle, 11, width), { fill: ink2 }),
      at(0, head, markup),
    );
    left += width + panelGap;
    widest = Math.max(widest, left - panelGap + margin);
    return drawn;
  });
  const description = `The same noise walked down the energies of ${models.map(({ label }) => label).join(', ')}: ${classes.join(', ')}.`;
  const width = widthWithin(size, Math.ceil(Math.max(360, widest)));
  const height = Math.ceil(models.length / perRow) * (rowHeight + rowGap) - rowGap;
  return frame({ words: data, width, height, description }, theme, ...body);
}
