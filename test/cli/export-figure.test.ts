import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pngSize } from '../../core/figures/png-chunk';
import { readPngText } from '../../core/figures/png-text';
import { figureRegistry } from '../../core/figures/registry';
import { themes } from '../../core/figures/theme';
import { captured } from './captured';

let root: string;
let data: string;
const histogram = figureRegistry.get('histogram');
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lowland-export-figure-'));
  data = path.join(root, 'energies.json');
  await writeFile(data, histogram.saved());
  await writeFile(path.join(root, 'bad.json'), '{"figure":"histogram","data":{"title":3}}');
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function exported(ending: string, ...args: string[]): Promise<Buffer> {
  const out = path.join(root, `out${ending}`);
  expect(await captured('export', 'figure', data, '--out', out, ...args)).toMatchObject({ code: 0, err: '' });
  return readFile(out);
}

test('the figure as the window draws it, in each format', async () => {
  expect((await exported('.svg')).toString()).toBe(histogram.example('light'));
  expect((await exported('.svg', '--theme', 'dark', '--transparent')).toString()).not.toContain(
    `"${themes.dark.raised}"`,
  );
  expect((await exported('.csv')).toString()).toMatch(/^"from \(E\(x\), nats\)"/);
  expect((await exported('.bin', '--format', 'pdf')).toString('latin1')).toMatch(/^%PDF/);
  const png = await exported('.png');
  expect(pngSize(png).width).toBe(1120);
  expect(readPngText(png)).toEqual({ data: 'made up', seed: '0' });
});

test('sizes: a preset, a width, a layout', async () => {
  expect(pngSize(await exported('.png', '--preset', 'slide'))).toMatchObject({ width: 1920 });
  expect(pngSize(await exported('.png', '--width', '85mm', '--scale', '1'))).toMatchObject({ width: 321 });
  expect(pngSize(await exported('.png', '--layout', '640x400', '--scale', '3'))).toEqual({ width: 1920, height: 1200 });
  expect((await exported('.svg', '--width', '85mm')).toString()).toMatch(
    /width="85mm" height="[\d.]+mm" viewBox="0 0 321 /,
  );
});

test.each([
  [['energies.json'], 2, 'The export needs --out.'],
  [['energies.json', '--out', 'x.jpg'], 2, "--out 'x.jpg' has none of the known endings."],
  [['none.json', '--out', 'x.svg'], 3, "none.json' does not exist."],
  [['bad.json', '--out', 'x.svg'], 3, "The data of 'histogram' are wrong: title: Expected string but received 3."],
  [['energies.json', '--figure', 'quivr', '--out', 'x.svg'], 2, "Unknown figure 'quivr'.\n  Did you mean 'quiver'?"],
  [['energies.json', '--figure', 'quiver', '--out', 'x.svg'], 3, "The data of 'quiver' are wrong: arrows: "],
  [['energies.json', '--width', '85', '--out', 'x.svg'], 2, "--width is '85'; it must be a number with mm or px."],
  [['energies.json', '--layout', 'wide', '--out', 'x.svg'], 2, "--layout is 'wide'; it must be"],
  [['energies.json', '--scale', '5', '--out', 'x.png'], 2, '--scale is "5"; it must be a whole number from 0 to 4.'],
])('%j', async ([file = '', ...args], code, message) => {
  const result = await captured('export', 'figure', path.join(root, file), ...args);
  expect(result.err).toContain(message);
  expect(result).toMatchObject({ code, out: '' });
});
