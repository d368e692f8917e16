/** Accuracy of models (rows) under attacks (columns): a colour and a number in each cell; the darker, the fewer stand. */
import { AppError } from '../lib/errors';
import { batlow, inkOn } from './batlow';
import { colourBar } from './colour-bar';
import { type FigureSize, type FigureText, emptyFigure, frame, margin, widthWithin } from './frame';
import { fit, textWidth } from './text-width';
import { type ThemeName, seriesColour, themes } from './theme';
import { at, el, textAt } from './xml';

export interface AttackMatrix extends FigureText {
  readonly models: readonly { readonly title: string; readonly method?: string | undefined }[];
  /** `detail` is a second line: eps, steps. The clean accuracy is a column like any other. */
  readonly attacks: readonly { readonly title: string; readonly detail?: string | undefined }[];
  /** Accuracy in [0,1], row by row; NaN where nothing was measured. */
  readonly accuracy: ArrayLike<number>;
}

const cellHeight = 34;
const headHeight = 40;
const usualCell = 96;
const steps = 10;

/** 0.4734 as '47.3': per cent with one decimal. */
export const percent = (accuracy: number): string => (100 * accuracy).toFixed(1);

/** @throws AppError BAD_DATA when there is not one accuracy for each cell. */
export function attackMatrix(data: AttackMatrix, themeName: ThemeName, size: FigureSize = {}): string {
  const { models, attacks, accuracy } = data;
  const theme = themes[themeName];
  if (accuracy.length !== models.length * attacks.length)
    throw new AppError(
      'BAD_DATA',
      `${accuracy.length} accuracies are not ${models.length} models × ${attacks.length} attacks.`,
    );
  if (accuracy.length === 0)
    return emptyFigure(data, widthWithin(size, 420), 'There is no attack on a model to show.', themeName);
  const longest = Math.max(...models.map(({ title }) => textWidth(title, 12)));
  const left = margin + Math.min(size.width === undefined ? 180 : size.width * 0.3, longest + 18) + 8;
  const width = widthWithin(size, Math.max(420, left + attacks.length * usualCell + margin));
  const cell = (width - left - margin) / attacks.length;
  const widest = Math.max(...attacks.map(({ title }) => textWidth(title, 12)));
  const head = Math.max(9, Math.min(12, (12 * (cell - 4)) / widest));
  const names = attacks.map(({ title, detail = '' }, j) => {
    const x = left + (j + 0.5) * cell;
    return (
      textAt(x, detail ? 16 : 28, fit(title, head, cell - 3), {
        fill: theme.ink,
        size: head,
        weight: 600,
        anchor: 'middle',
      }) + textAt(x, 31, fit(detail, head - 1.5, cell - 3), { fill: theme.ink2, size: head - 1.5, anchor: 'middle' })
    );
  });
  const rows = models.map(({ title, method = title }, i) => {
    const colour = seriesColour(method, themeName);
    const cells = attacks.map((_, j) => {
      const value = accuracy[i * attacks.length + j] ?? NaN;
      const known = Number.isFinite(value);
      const place = { x: left + j * cell + 1, y: 1, width: cell - 2, height: cellHeight - 2, rx: 3 };
      return (
        el('rect', { ...place, fill: known ? batlow(value) : theme.sunken }) +
        textAt(left + (j + 0.5) * cell, cellHeight / 2 + 4.5, known ? percent(value) : 'not run', {
          fill: known ? inkOn(value).ink : theme.ink3,
          size: known ? 12.5 : 10.5,
          anchor: 'middle',
        })
      );
    });
    return at(
      0,
      headHeight + i * cellHeight,
      colour ? el('rect', { x: margin, y: 7, width: 4, height: cellHeight - 14, rx: 2, fill: colour }) : '',
      textAt(margin + 10, cellHeight / 2 + 4.5, fit(title, 12, left - margin - 18), { fill: theme.ink, size: 12 }),
      ...cells,
    );
  });
  const bottom = headHeight + models.length * cellHeight + 10;
  const thresholds = Array.from({ length: steps - 1 }, (_, i) => ((i + 1) * 100) / steps);
  const bar = { thresholds, below: false, above: false, label: 'accuracy, %' };
  const barWidth = Math.min(360, width - 2 * margin);
  const scale = colourBar(bar, (width - barWidth) / 2, bottom, barWidth, theme);
  const description = models
    .map(({ title }, i) => {
      const each = attacks.map((attack, j) => {
        const value = accuracy[i * attacks.length + j] ?? NaN;
        return `${attack.title} ${Number.isFinite(value) ? `${percent(value)} %` : 'not run'}`;
      });
      return `${title}: ${each.join(', ')}`;
    })
    .join('; ');
  return frame(
    { words: data, width, height: bottom + scale.height, description: `Accuracy. ${description}.` },
    themeName,
    ...names,
    ...rows,
    scale.markup,
  );
}
