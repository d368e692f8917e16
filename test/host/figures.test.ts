/** Files of figures and images as the library makes them: the right format, the images as they were, the provenance inside. */
import { unzipSync } from 'fflate';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { CheckedInputOf, HandlerContext } from '../../core/contract/contract';
import type { Api } from '../../core/contract/api';
import { readPngText } from '../../core/figures/png-text';
import { figureRegistry } from '../../core/figures/registry';
import { datasetDesk } from '../../core/host/library/desk';
import { figureHandlers } from '../../core/host/library/figures';

const handlers = figureHandlers(datasetDesk('nowhere'));
const context: HandlerContext = { signal: new AbortController().signal, after: -1 };
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const provenance = { model: 'fashion/jeat', seed: '3' };

type Images = CheckedInputOf<Api['figures.images']>;
const shape: Images['shape'] = [2, 3, 1];
const frame = (from: number) => Uint8Array.from({ length: 4 * 6 }, (_, i) => (from + i * 9) % 256);
const images = (changes: Partial<Images>) =>
  handlers['figures.images'](
    { format: 'png', frames: [frame(0)], shape, columns: 2, scale: 1, delay: 100, provenance, ...changes },
    context,
  );

describe('figures.images', () => {
  it('writes a grid with the images as they are and their provenance', async () => {
    const { bytes } = await images({});
    const { width, height, channels, data } = decode(bytes);
    expect([width, height]).toEqual([2 * 4 + 1, 2 * 3 + 1]);
    expect(Array.from({ length: 3 }, (_, x) => data[(width + 1 + x) * channels])).toEqual([0, 9, 18]);
    expect(readPngText(bytes)).toMatchObject(provenance);
  });

  it('writes one image without a border', async () => {
    const { bytes } = await images({ frames: [frame(0).slice(0, 6)], columns: 1, scale: 4 });
    expect(decode(bytes)).toMatchObject({ width: 12, height: 8 });
  });

  it('writes films of all frames, and zips of all images with their provenance', async () => {
    const frames = [frame(0), frame(50), frame(100)];
    const { bytes: gif } = await images({ format: 'gif', frames });
    expect(text(gif).slice(0, 6)).toBe('GIF89a');
    expect(text(gif).split('\x21\xf9\x04')).toHaveLength(4);
    expect(text(gif)).toContain('fashion/jeat');
    const { bytes: apng } = await images({ format: 'apng', frames });
    expect(text(apng).split('fcTL')).toHaveLength(4);
    expect(readPngText(apng)).toMatchObject(provenance);
    const { bytes: zip } = await images({ format: 'zip' });
    const files = unzipSync(zip);
    const pngs = Object.keys(files).filter((name) => name.endsWith('.png'));
    expect(pngs).toHaveLength(4);
    expect(JSON.parse(text(files['provenance.json'] ?? new Uint8Array()))).toMatchObject(provenance);
    const last = pngs.sort().at(-1) ?? '';
    expect([...decode(files[last] ?? new Uint8Array()).data.slice(0, 6)]).toEqual([...frame(0).slice(18)]);
  });

  it.each([
    ['frames of different sizes', { format: 'gif' as const, frames: [frame(0), new Uint8Array(6)] }],
    ['images of another shape', { shape: [5, 5, 1] as Images['shape'] }],
    ['several frames in a PNG', { frames: [frame(0), frame(1)] }],
  ])('refuses %s', async (_, changes) => {
    await expect(images(changes)).rejects.toMatchObject({ code: 'BAD_DATA' });
  });
});

describe('figures.export', () => {
  const svg = figureRegistry.get('image-grid').example('light');
  const file = (changes: Partial<CheckedInputOf<Api['figures.export']>>) =>
    handlers['figures.export']({ svg, format: 'svg', scale: 1, transparent: false, provenance, ...changes }, context);

  it.each([
    ['svg', '<svg'],
    ['png', '\x89PNG'],
    ['pdf', '%PDF'],
  ] as const)('writes %s', async (format, start) => {
    const { bytes } = await file({ format });
    expect(text(bytes).slice(0, start.length)).toBe(start);
  });

  it('makes a PNG of the width and the scale that were asked for', async () => {
    const { bytes } = await file({ format: 'png', scale: 2, width: { value: 300, unit: 'px' } });
    expect(decode(bytes).width).toBe(600);
    expect(readPngText(bytes)).toMatchObject(provenance);
  });

  it('refuses what is no picture of ours', async () => {
    await expect(file({ svg: '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>' })).rejects.toMatchObject({
      code: 'BAD_DATA',
    });
  });
});
