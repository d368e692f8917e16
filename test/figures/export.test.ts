import { decode } from 'fast-png';
import { beforeAll, expect, test } from 'vitest';
import { exportFigure, figureFormats } from '../../core/figures/export';
import { exportPresets, layoutFor } from '../../core/figures/export-presets';
import { imagePng } from '../../core/figures/png';
import { chunksOf, pngSize } from '../../core/figures/png-chunk';
import { readPngText } from '../../core/figures/png-text';
import { pngUri } from '../../core/figures/png-uri';
import { figureRegistry } from '../../core/figures/registry';
import { largestSvg } from '../../core/figures/svg-check';
import { themes } from '../../core/figures/theme';
import { pdfInformation, pdfText } from './pdf-text';
import { xmlProblem } from './well-formed';

const provenance = { model: 'jeat', seed: '3', note: 'x̃ → ∞ <&>' };
const cases = figureRegistry.all.flatMap((figure) =>
  (['light', 'dark'] as const).map((theme) => [`${figure.id}, ${theme}`, figure.example(theme)] as const),
);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const wordsIn = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words = '']) =>
    words.replaceAll('&lt;', '<').replaceAll('&#39;', "'").replaceAll('&amp;', '&').replaceAll('\u00a0', ' '),
  );

test.each(cases)('%s as SVG stays itself, sized, with its provenance', async (_, svg) => {
  const plain = text(await exportFigure(svg, { format: 'svg' }));
  expect(plain === svg).toBe(true);
  const wide = text(await exportFigure(svg, { format: 'svg', width: { value: 85, unit: 'mm' }, provenance }));
  expect(xmlProblem(wide)).toBeUndefined();
  expect(wide).toMatch(/^<svg [^>]*width="85mm" height="[\d.]+mm" viewBox="0 0 /);
  expect(wide).toMatch(/<\/desc><metadata>[^<]*&quot;model&quot;:&quot;jeat&quot;[^<]*<\/metadata>/);
  expect(wide.match(/<metadata>/g)).toHaveLength(1);
});

test.each(cases)('%s as PNG has the width in pixels, its physical size and its provenance', async (_, svg) => {
  const make = () => exportFigure(svg, { format: 'png', width: { value: 50.8, unit: 'mm' }, scale: 2, provenance });
  const png = await make();
  expect(pngSize(png).width).toBe(384);
  const physical = chunksOf(png).find(({ type }) => type === 'pHYs')?.body ?? new Uint8Array();
  expect(new DataView(physical.slice().buffer).getUint32(0)).toBe(Math.round(384 / 0.0508));
  expect(readPngText(png)).toEqual(provenance);
  expect(Buffer.from(png).equals(await make())).toBe(true);
});

test.each(cases)(
  '%s as PDF keeps its words as text, its size and its provenance, the same bytes each time',
  async (_, svg) => {
    const make = () => exportFigure(svg, { format: 'pdf', width: { value: 254, unit: 'mm' }, provenance });
    const pdf = await make();
    const raw = Buffer.from(pdf).toString('latin1');
    expect(raw.startsWith('%PDF-1.7')).toBe(true);
    expect(raw).toMatch(/\/MediaBox \[0 0 720 [\d.]+\]/);
    const written = pdfText(pdf).split('\n');
    for (const words of wordsIn(svg)) expect(written).toContain(words);
    const { Title, Provenance = '{}' } = pdfInformation(pdf);
    expect(svg).toContain(`<title>${Title}</title>`);
    expect(JSON.parse(Provenance)).toEqual(provenance);
    expect(raw).not.toMatch(/CreationDate|\/JavaScript|\/JS|\/URI/);
    expect(Buffer.from(pdf).equals(await make())).toBe(true);
  },
);

test.each(figureRegistry.all.map((figure) => [figure.id, figure] as const))(
  '%s without its ground is the same otherwise',
  async (_, figure) => {
    const svg = figure.example('dark');
    const bare = text(await exportFigure(svg, { format: 'svg', transparent: true }));
    expect(bare === svg.replace(/<rect data-part="ground"[^>]*\/>/, '')).toBe(true);
    const png = decode(await exportFigure(svg, { format: 'png', transparent: true }));
    expect([...png.data.slice(0, 4)]).toEqual([0, 0, 0, 0]);
  },
);

test('the ends of a picture: a width in px, a scale, and the width as it is drawn', async () => {
  const svg = figureRegistry.get('histogram').example('light');
  const size = async (options: object) => pngSize(await exportFigure(svg, { format: 'png', ...options }));
  expect(await size({})).toEqual({ width: 560, height: 360 });
  expect(await size({ scale: 4 })).toEqual({ width: 2240, height: 1440 });
  expect(await size({ width: { value: 1920, unit: 'px' } })).toEqual({ width: 1920, height: 1234 });
  const units = chunksOf(await exportFigure(svg, { format: 'png' })).map(({ type }) => type);
  expect(units).not.toContain('pHYs');
});

test('a figure that follows a page gets the colours of a theme', async () => {
  const page = figureRegistry.get('line-chart').example('page');
  for (const theme of ['light', 'dark'] as const) {
    const svg = text(await exportFigure(page, { format: 'svg', theme }));
    expect(svg).not.toContain('var(');
    expect(svg).toContain(`fill="${themes[theme].raised}"`);
  }
});

test('each preset is laid out and sized as it says', async () => {
  const widths = await Promise.all(
    exportPresets.map(async (preset) => {
      const svg = figureRegistry.get('line-chart').example('light', {}, layoutFor(preset));
      const png = await exportFigure(svg, { format: 'png', scale: preset.scale, width: preset.width });
      return [preset.id, Number(/ width="(\d+)"/.exec(svg)?.[1]), pngSize(png).width];
    }),
  );
  expect(widths).toEqual([
    ['screen', 560, 1120],
    ['paper-column', 321, 1285],
    ['paper-full', 661, 2646],
    ['slide', 800, 1920],
  ]);
});

const svg = (inside: string, attributes = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"${attributes}>${inside}</svg>`;
let bomb: string;
let cut: string;
beforeAll(() => {
  const png = imagePng(Float32Array.of(0), [1, 1, 1], { scale: 1, provenance: {} });
  const wide = Uint8Array.from(png);
  new DataView(wide.buffer).setUint32(16, 60_000);
  new DataView(wide.buffer).setUint32(20, 60_000);
  bomb = pngUri(wide);
  cut = pngUri(png.subarray(0, 40));
});

/** What comes, and the words that refuse it. */
const hostile: readonly (readonly [string, () => string, string])[] = [
  ['nothing', () => '', 'not one SVG document'],
  ['words', () => 'words', 'not one SVG document'],
  ['HTML', () => '<html><body/></html>', 'not one SVG document'],
  ['another namespace', () => '<svg xmlns="urn:x" width="1" height="1"/>', 'namespace is missing'],
  ['two documents', () => svg('') + svg(''), 'more than one document'],
  ['words after the end', () => `${svg('')}x`, 'not one SVG document'],
  ['an open end', () => svg('').slice(0, -6), 'not one SVG document'],
  ['tags that cross', () => svg('<g><defs></g></defs>'), '</g> closes nothing'],
  ['an attribute twice', () => svg('<g id="a" id="b"/>'), "'id' stands twice in <g>"],
  ['a bare ampersand', () => svg('<text>a & b</text>'), 'is no entity'],
  ['an entity of its own', () => svg('<text>&bomb;</text>'), "'&bomb' is no entity"],
  ['a document type', () => `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('')}`, 'not well-formed at'],
  ['CDATA', () => svg('<text><![CDATA[<script/>]]></text>'), 'not well-formed at'],
  ['a processing instruction', () => svg('<?xml-stylesheet href="x"?>'), 'not well-formed at'],
  ['a script', () => svg('<script>x()</script>'), 'holds <script>'],
  ['a style sheet', () => svg('<style>@import "x"</style>'), 'holds <style>'],
  ['a foreign object', () => svg('<foreignObject/>'), 'holds <foreignObject>'],
  ['an animation', () => svg('<set attributeName="href" to="x"/>'), 'holds <set>'],
  ['a reuse', () => svg('<g id="a"/><use href="#a"/>'), 'holds <use>'],
  ['a filter', () => svg('<filter/>'), 'holds <filter>'],
  ['a link', () => svg('<a href="https://x.y"/>'), 'holds <a>'],
  ['a handler', () => svg('', ' onload="x()"'), "'onload' of <svg>, which could run a script"],
  ['an image of the web', () => svg('<image href="https://x.y/a.png"/>'), "'href' of <image> leads outside"],
  ['a file', () => svg('<image href="/etc/passwd"/>'), "'href' of <image> leads outside"],
  [
    'a file by its old name',
    () => svg('<image xlink:href="file:///etc/passwd"/>', ' xmlns:xlink="http://www.w3.org/1999/xlink"'),
    'leads outside',
  ],
  ['SVG as an image', () => svg('<image href="data:image/svg+xml;base64,AAAA"/>'), 'leads outside'],
  ['no PNG', () => svg('<image href="data:image/png;base64,AAAA"/>'), 'is not a PNG'],
  ['a huge PNG', () => svg(`<image href="${bomb}"/>`), 'images have 3600000000 pixels'],
  ['a base of its own', () => svg('<g xml:base="https://x.y"/>'), "'xml:base' of <g>"],
  ['a distant fill', () => svg('<g fill="url(https://x.y#a)"/>'), "'fill' of <g> leads outside"],
  ['a distant fill in letters', () => svg('<g fill="&#117;rl(//x.y#a)"/>'), "'fill' of <g> leads outside"],
  ['a distant style', () => svg('<g style="fill:url(//x.y)"/>'), "'style' of <g> leads outside"],
  ['a style with escapes', () => svg('<g style="fill:\\75 rl(//x.y)"/>'), 'a rule that an export does not take'],
  ['clips in a circle', () => svg('<clipPath id="a"><g clip-path="url(#a)"/></clipPath>'), 'clips within clips'],
  ['a crowd', () => svg('<g/>'.repeat(200_001)), 'more than 200000 elements'],
  ['a deep nest', () => svg('<g>'.repeat(99) + '</g>'.repeat(99)), 'nested deeper than 64'],
  ['no size', () => '<svg xmlns="http://www.w3.org/2000/svg"/>', 'no size'],
  ['a size in per cent', () => svg('').replace('"10"', '"10%"'), 'no size'],
  ['an endless size', () => svg('', ' viewBox="0 0 1e9 1"'), 'no size'],
  ['more than it takes', () => svg(' '.repeat(largestSvg)), 'an export takes at most 16777216'],
];

test.each(hostile)('%s is refused in one sentence', async (_, make, words) => {
  for (const format of figureFormats) {
    const failure = exportFigure(make(), { format });
    await expect(failure).rejects.toMatchObject({ name: 'AppError', code: 'BAD_DATA' });
    await expect(failure).rejects.toThrow(words);
  }
});

test('a damaged image is refused where it must be read', async () => {
  await expect(exportFigure(svg(`<image width="5" height="5" href="${cut}"/>`), { format: 'pdf' })).rejects.toThrow(
    'An image inside the picture is damaged',
  );
});

test('numbers that no PDF can hold are refused', async () => {
  const drawn = svg('<rect width="5" height="5" transform="scale(1e300)"/>');
  await expect(exportFigure(drawn, { format: 'pdf' })).rejects.toMatchObject({ code: 'BAD_DATA' });
});

test('scales and sizes that cannot be are refused', async () => {
  const options = [
    { scale: 0.5 },
    { scale: NaN },
    { width: { value: 0, unit: 'mm' as const } },
    { width: { value: 1e9, unit: 'px' as const } },
    { width: { value: 20_000, unit: 'px' as const }, scale: 4 },
  ];
  for (const each of options)
    await expect(exportFigure(svg(''), { format: 'png', ...each })).rejects.toMatchObject({ code: 'BAD_OPTION' });
});

test('clips and gradients inside the picture are drawn', async () => {
  const drawn = svg(
    '<defs><clipPath id="a"><rect width="5" height="5"/></clipPath><linearGradient id="b"><stop stop-color="#f00"/></linearGradient></defs><rect width="10" height="10" fill="url(#b)" clip-path="url(#a)"/>',
  );
  const { data } = decode(await exportFigure(drawn, { format: 'png' }));
  const at = (x: number, y: number) => [...data.slice((y * 10 + x) * 4, (y * 10 + x) * 4 + 4)];
  expect([at(2, 2), at(8, 8)]).toEqual([
    [255, 0, 0, 255],
    [0, 0, 0, 0],
  ]);
  expect((await exportFigure(drawn, { format: 'pdf' })).length).toBeGreaterThan(500);
});
