import { expect, test } from 'vitest';
import { contourPanels } from '../../core/figures/contour-panels';
import { descentFigure } from '../../core/figures/descent';
import { histogramFigure } from '../../core/figures/histogram';
import { imageGridFigure } from '../../core/figures/image-grid';
import { lineChart } from '../../core/figures/line-chart';
import { quiver } from '../../core/figures/quiver';
import { figureRegistry } from '../../core/figures/registry';
import { sampleArrows, sampleContours, sampleDescent, sampleGrid } from '../../core/figures/samples';
import { followPage, themes } from '../../core/figures/theme';
import { xmlProblem } from './well-formed';

const figures = figureRegistry.all.map((figure) => [figure.id, figure] as const);
const hostile = `</script><svg onload="x()">&amp;&'"\u0000\ud800]]>`;

test('the reader of XML in these tests sees what is wrong', () => {
  expect(xmlProblem('<a><b/></a>')).toBeUndefined();
  for (const broken of ['<a><b></a>', '<a>&</a>', '<a x="1" x="2"/>', '<a/>b', '<a', '<a x="&lt"/>', '<a>'])
    expect(xmlProblem(broken), broken).toBeDefined();
});

for (const [id, figure] of figures) {
  test(`${id} is well-formed, labelled, and the same at every call, in every theme`, () => {
    for (const theme of ['light', 'dark', 'page'] as const) {
      const svg = figure.example(theme);
      expect(xmlProblem(svg)).toBeUndefined();
      expect(svg).toBe(figure.example(theme));
      expect(svg).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc><metadata>[^<]+made up/);
      expect(svg).not.toMatch(/NaN|Infinity|undefined| id=|url\(/);
    }
    expect(figure.example('dark')).not.toContain(`="${themes.light.ink}"`);
  });

  test(`${id} drawn light follows a page like one drawn for it`, () => {
    expect(followPage(figure.example('light'))).toBe(figure.example('page'));
  });

  test(`${id} escapes hostile words and keeps them inside`, () => {
    const long = `${hostile} ${'word '.repeat(400)}${'x'.repeat(5000)}`;
    const words = { title: long, subtitle: long, caption: long, provenance: { [hostile]: long } };
    const svg = figure.example('light', words);
    expect(xmlProblem(svg)).toBeUndefined();
    expect(svg).not.toMatch(/<script|onload="|\ud800/);
  });
}

test('hostile labels inside the data are escaped too', () => {
  const arrows = sampleArrows();
  const line = { label: hostile, x: [0, 1], y: [0, 1] };
  const drawn = [
    lineChart(
      { title: 't', xLabel: hostile, yLabel: hostile, rightLabel: hostile, series: [line, { ...line, right: true }] },
      'light',
    ),
    histogramFigure({ title: 't', xLabel: hostile, series: [{ label: hostile, values: [1, 2] }] }, 'light'),
    imageGridFigure({ ...sampleGrid(), rows: Array.from({ length: 5 }, () => hostile) }, 'light'),
    descentFigure({ ...sampleDescent(), classes: Array.from({ length: 5 }, () => hostile) }, 'light'),
    contourPanels({ ...sampleContours(), unit: hostile, quantity: hostile }, 'light'),
    contourPanels(
      {
        ...sampleContours(),
        panels: sampleContours().panels.map((p) => ({ ...p, title: hostile, subtitle: hostile })),
      },
      'light',
    ),
    quiver({ ...arrows, title: hostile }, 'light'),
  ];
  for (const svg of drawn) {
    expect(xmlProblem(svg)).toBeUndefined();
    expect(svg).not.toMatch(/<script|onload="/);
  }
});

const flat = (value: number, n = 9) => new Float32Array(n * n).fill(value);
const panels = (...grids: Float32Array[]) => ({
  ...sampleContours(),
  panels: grids.map((grid, i) => ({ title: `m${i}`, grid, n: Math.sqrt(grid.length) })),
});
const curve = (y: number[], x = y.map((_, i) => i)) => ({
  title: 't',
  xLabel: 'x',
  yLabel: 'y',
  series: [{ label: 'a', x, y }],
});
const bars = (...values: number[][]) => ({
  title: 't',
  xLabel: 'x',
  series: values.map((each, i) => ({ label: `s${i}`, values: each })),
});
const arrowsOf = (...numbers: number[]) => ({
  title: 't',
  arrows: numbers.map((n) => ({ from: { joint: n, marginal: n }, to: { joint: n, marginal: n } })),
});

/** What is drawn, and words that must or must not be there. */
const odd: readonly (readonly [string, () => string, RegExp])[] = [
  ['curves without series', () => lineChart({ ...curve([]), series: [] }, 'light'), /There is no finite value to draw/],
  ['an empty curve', () => lineChart(curve([]), 'light'), /There is no finite value to draw/],
  ['a curve of NaN', () => lineChart(curve([NaN, NaN]), 'light'), /There is no finite value to draw/],
  ['a curve with a gap', () => lineChart(curve([1, NaN, 2, 3]), 'light'), /<path/],
  ['a curve of one point', () => lineChart(curve([1]), 'light'), /<circle/],
  ['a constant curve', () => lineChart(curve([2, 2, 2]), 'light'), /<path/],
  ['a constant zero curve', () => lineChart(curve([0, 0]), 'light'), /<path/],
  [
    'a log axis with values below zero',
    () => lineChart({ ...curve([-1, 0, 10, 1000]), yScale: 'log' }, 'light'),
    /<path/,
  ],
  [
    'a log axis without a value above zero',
    () => lineChart({ ...curve([-1, 0]), yScale: 'log' }, 'light'),
    /no finite value/,
  ],
  ['a curve of huge values', () => lineChart(curve([1e300, -1e300]), 'light'), /<path/],
  ['x shorter than y', () => lineChart(curve([1, 2, 3], [0]), 'light'), /<circle/],
  ['histograms without series', () => histogramFigure(bars(), 'light'), /There is no finite value to count/],
  ['a histogram of NaN', () => histogramFigure(bars([NaN]), 'light'), /There is no finite value to count/],
  ['a histogram of one value', () => histogramFigure(bars([3]), 'light'), /mean 3/],
  ['constant histograms, one empty', () => histogramFigure(bars([2, 2], []), 'light'), /s1, no value/],
  ['no arrow', () => quiver(arrowsOf(), 'light'), /no image with finite energies/],
  ['arrows of NaN', () => quiver(arrowsOf(NaN), 'light'), /no image with finite energies/],
  ['one arrow without length', () => quiver(arrowsOf(2), 'light'), /<circle/],
  [
    'no row of images',
    () => imageGridFigure({ ...sampleGrid(), images: new Float32Array(), rows: [] }, 'light'),
    /There is no image to show/,
  ],
  ['no chain', () => descentFigure({ ...sampleDescent(), models: [] }, 'light'), /There is no chain to show/],
  ['rows by step', () => descentFigure({ ...sampleDescent(), rows: 'steps' }, 'light'), /<image/],
  ['constant energy', () => contourPanels(panels(flat(2)), 'light'), /from 2 to 2 nats/],
  ['energies of NaN', () => contourPanels(panels(flat(NaN)), 'light'), /There is no finite energy to draw/],
  ['no panel', () => contourPanels(panels(), 'light'), /There is no finite energy to draw/],
  [
    'one panel of NaN beside another',
    () => contourPanels(panels(flat(NaN), sampleContours().panels[1]?.grid ?? flat(0)), 'light'),
    /no finite energy/,
  ],
  [
    'a hole in the energies',
    () => contourPanels(panels(flat(1).map((e, i) => (i === 40 ? NaN : i === 3 ? Infinity : e + i))), 'light'),
    /<path/,
  ],
  ['scales of their own', () => contourPanels({ ...sampleContours(), shared: false, level: 0 }, 'light'), /nats/],
];

for (const [name, draw, words] of odd)
  test(`${name}: drawn, or said in a sentence`, () => {
    const svg = draw();
    expect(xmlProblem(svg)).toBeUndefined();
    expect(svg).toMatch(words);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

test('a faint curve has the colour of its label, lies below, and is not in the legend', () => {
  const raw = { label: 'loss', x: [0, 1], y: [1, 3] };
  const svg = lineChart({ ...curve([]), series: [raw, { ...raw, faint: true }, { ...raw, label: 'ce' }] }, 'light');
  const strokes = [...svg.matchAll(/<path d="M[^"]*L[^"]*"[^>]*stroke="(#\w+)"[^>]*?( stroke-opacity="0.3")?[^>]*>/g)];
  expect(strokes.map(([path, colour]) => [colour, path.includes('stroke-opacity')])).toEqual([
    ['#0072b2', true],
    ['#0072b2', false],
    ['#e69f00', false],
  ]);
  expect(svg.match(/>loss<\/text>/g)).toHaveLength(1);
});

test('a log axis writes its numbers out', () => {
  const svg = lineChart({ ...curve([0.1, 1000]), yScale: 'log' }, 'light');
  for (const tick of ['0.1', '1', '10', '100', '1\u00a0000']) expect(svg).toContain(`>${tick}</text>`);
});

test('a spike of a faint curve does not flatten the others', () => {
  const x = Array.from({ length: 100 }, (_, i) => i);
  const calm = { label: 'loss', x, y: x.map((i) => i / 100) };
  const wild = { label: 'loss', x, y: x.map((i) => (i === 3 ? 5000 : i / 100)), faint: true };
  expect(lineChart({ ...curve([]), series: [wild, calm] }, 'light')).not.toMatch(/>[\d\u00a0]*000<\/text>/);
  expect(lineChart({ ...curve([]), series: [{ ...wild, faint: false }, calm] }, 'light')).toMatch(
    />5\u00a0000<\/text>/,
  );
});

test('data whose sizes do not fit are refused with the sizes', () => {
  expect(() =>
    contourPanels({ ...sampleContours(), panels: [{ title: 'a', grid: new Float32Array(10), n: 3 }] }, 'light'),
  ).toThrow("The grid of 'a' has 10 energies, not 3 × 3.");
  expect(() => imageGridFigure({ ...sampleGrid(), rows: ['one'] }, 'light')).toThrow(
    '15680 values are not 1 × 4 images of 28 × 28 × 1.',
  );
  expect(() => descentFigure({ ...sampleDescent(), classes: ['one'] }, 'light')).toThrow(
    /Step 0 of 'Natural' has 3920 values/,
  );
});
