/** Sizes that people export at: how wide a figure appears, and how wide it is laid out, which says how large its text is beside it. */
import type { FigureSize } from './frame';
import { type PhysicalWidth, pxPerMm } from './svg-output';

export const exportPresetIds = ['screen', 'paper-column', 'paper-full', 'slide'] as const;
export type ExportPresetId = (typeof exportPresetIds)[number];

export interface ExportPreset {
  readonly id: ExportPresetId;
  readonly title: string;
  /** As it is on the screen when not given. */
  readonly width?: PhysicalWidth;
  /** The figure is laid out this wide in px; text is 11 of these. As wide as it appears when not given. */
  readonly layout?: number;
  /** Pixels of a PNG for each CSS pixel. */
  readonly scale: 1 | 2 | 3 | 4;
}

export const exportPresets: readonly [ExportPreset, ...ExportPreset[]] = [
  { id: 'screen', title: 'Screen', scale: 2 },
  { id: 'paper-column', title: 'Paper column (85 mm)', width: { value: 85, unit: 'mm' }, scale: 4 },
  { id: 'paper-full', title: 'Paper full width (175 mm)', width: { value: 175, unit: 'mm' }, scale: 4 },
  { id: 'slide', title: 'Slide (1920 px)', width: { value: 1920, unit: 'px' }, layout: 800, scale: 1 },
];

/** The size at which a figure is laid out that will appear `width` wide: in mm as wide as that, in px as it would be on the screen. */
export const layoutFor = ({ width, layout }: Pick<ExportPreset, 'width' | 'layout'>): FigureSize => ({
  width: layout ?? (width?.unit === 'mm' ? Math.round(width.value * pxPerMm) : undefined),
});
