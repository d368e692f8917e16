/** The font of all figures and reports: Inter in two weights, from the package, so that letters are alike on every machine. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { assetsFolder } from '../lib/paths';

export interface Font {
  readonly weight: 400 | 600;
  /** A TrueType file. */
  readonly bytes: Uint8Array;
}

const files = [
  { weight: 400, name: 'Regular' },
  { weight: 600, name: 'SemiBold' },
] as const;

const load = (): Promise<Font[]> =>
  Promise.all(
    files.map(async ({ weight, name }) => ({
      weight,
      bytes: await readFile(path.join(assetsFolder, 'fonts', `Inter-${name}.ttf`)),
    })),
  );
let loaded: Promise<Font[]> | undefined;

/** Read once. */
export const interFonts = (): Promise<Font[]> => (loaded ??= load());

/** CSS that brings Inter along as data, about 150 kB. */
export const fontFaces = (fonts: readonly Font[]): string =>
  fonts
    .map(
      ({ weight, bytes }) =>
        `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/ttf;base64,${Buffer.from(bytes).toString('base64')}) format("truetype")}`,
    )
    .join('\n');
