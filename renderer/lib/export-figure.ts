/** A figure as the bytes of a file, in the window's words for its choices. */
import type { LowlandClient } from '../../core/contract/api';
import { drawFigure, figureCsv } from '../../core/figures/registry';
import { savedFigure } from '../../core/figures/figure-file';
import type { FigureExport } from '../state/exports.svelte';

export const exportKinds = ['svg', 'pdf', 'png', 'csv', 'json'] as const;
export type ExportKind = (typeof exportKinds)[number];

export interface ExportChoices {
  readonly kind: ExportKind;
  readonly theme: 'light' | 'dark';
  readonly transparent: boolean;
  /** Pixels of a PNG for each CSS pixel. */
  readonly scale: number;
  /** Size on paper or screen. */
  readonly width: number;
  readonly unit: 'mm' | 'px';
  readonly title: string;
  readonly caption: string;
}

export const mediaTypes: Readonly<Record<ExportKind, string>> = {
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  png: 'image/png',
  csv: 'text/csv',
  json: 'application/json',
};

/** The layout's width in px: narrow figures are laid out narrow, so that their text stays readable. */
export const layoutWidth = ({ width, unit }: Pick<ExportChoices, 'width' | 'unit'>): number =>
  Math.round(Math.min(2400, Math.max(320, unit === 'mm' ? (width / 25.4) * 144 : width)));

/** The figure's own data with the words of the sheet; of one kind with its id, which the spread hides from the types. */
const dressed = ({ data, provenance }: FigureExport, { title, caption }: Pick<ExportChoices, 'title' | 'caption'>) =>
  ({ ...data, title, ...(caption ? { caption } : {}), provenance }) as never;

/** The SVG as it is previewed and written. */
export const drawn = (figure: FigureExport, choices: ExportChoices): string =>
  drawFigure(figure.figure, dressed(figure, choices), choices.theme, { width: layoutWidth(choices) });

export async function exportBytes(
  client: LowlandClient,
  figure: FigureExport,
  choices: ExportChoices,
): Promise<Uint8Array> {
  const { kind, transparent, scale, width, unit } = choices;
  if (kind === 'csv') return new TextEncoder().encode(figureCsv(figure.figure, dressed(figure, choices)));
  if (kind === 'json')
    return new TextEncoder().encode(savedFigure({ figure: figure.figure, data: dressed(figure, choices) }));
  const { bytes } = await client.call('figures.export', {
    svg: drawn(figure, choices),
    format: kind,
    scale,
    transparent,
    width: { value: width, unit },
    provenance: { ...figure.provenance },
  });
  return bytes;
}
