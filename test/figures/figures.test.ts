import { expect, test } from 'vitest';
import { attackMatrix } from '../../core/figures/attack-matrix';
import { classHistogram } from '../../core/figures/class-histogram';
import { contourPanels } from '../../core/figures/contour-panels';
import { descentFigure } from '../../core/figures/descent';
import { filmstrip } from '../../core/figures/filmstrip';
import { histogramFigure } from '../../core/figures/histogram';
import { imageGridFigure } from '../../core/figures/image-grid';
import { lineChart } from '../../core/figures/line-chart';
import { quiver } from '../../core/figures/quiver';
import { figureRegistry } from '../../core/figures/registry';
import { reliabilityFigure } from '../../core/figures/reliability';
import { robustnessCurve } from '../../core/figures/robustness-curve';
import { sampleArrows, sampleContours, sampleDescent, sampleGrid } from '../../core/figures/samples';
import {
  sampleClasses,
  sampleFilm,
  sampleMatrix,
  sampleRobustness,
  sampleSurface,
} from '../../core/figures/samples-views';
import { surface3d } from '../../core/figures/surface-3d';
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
    attackMatrix(
      { title: 't', models: [{ title: hostile }], attacks: [{ title: hostile, detail: hostile }], accuracy: [0.5] },
      'light',
    ),
    classHistogram(
      { title: 't', classes: [hostile], series: [{ label: hostile, counts: [3] }], xLabel: hostile },
      'light',
    ),
    reliabilityFigure({ title: 't', panels: [{ title: hostile, bins: oneBin(0.5) }] }, 'light'),
    filmstrip({ ...sampleFilm(), quantity: hostile }, 'light'),
    surface3d({ ...sampleSurface(), unit: hostile, quantity: hostile }, 'light'),
    robustnessCurve(
      { title: 't', unit: hostile, clean: {}, series: [{ model: hostile, attack: hostile, eps: [1], accuracy: [1] }] },
      'light',
    ),
    contourPanels(
      {
        ...panels(flat(1).fill(2, 0, 5)),
        panels: [{ title: 'a', grid: flat(1).fill(2, 0, 5), n: 9, paths: [{ label: hostile, a: [0, 1], b: [0, 1] }] }],
      },
      'light',
    ),
  ];
  for (const svg of drawn) {
    expect(xmlProblem(svg)).toBeUndefined();
    expect(svg).not.toMatch(/<script|onload="/);
  }
});

const oneBin = (accuracy: number) => [{ from: 0, to: 1, count: 4, accuracy, confidence: 0.8 }];
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
  [
    'a walk that is not finite, and an empty one',
    () =>
      contourPanels(
        {
          ...sampleContours(),
          panels: sampleContours().panels.map((each) => ({
            ...each,
            paths: [
              { label: 'a', a: [0, NaN, 99], b: [0, 1, 1] },
              { label: 'b', a: [], b: [] },
            ],
          })),
        },
        'light',
      ),
    /<circle/,
  ],
  [
    'a surface of NaN',
    () => surface3d({ ...sampleSurface(), ...panels(flat(NaN)) }, 'light'),
    /no finite energy to draw/,
  ],
  ['a flat surface', () => surface3d({ ...sampleSurface(), ...panels(flat(2)) }, 'light'), /from 2 to 2 nats/],
  [
    'a surface with holes and walks that leave it',
    () => {
      const grid = flat(1).map((e, i) => (i % 7 === 0 ? NaN : e + i));
      const paths = [{ label: '', a: [0, 4, 99, NaN, -9], b: [0, 4, 1, 2, 9] }];
      return surface3d({ ...sampleSurface(), panels: [{ title: 'm', grid, n: 9, paths }] }, 'light');
    },
    /<circle/,
  ],
  ['a surface from above', () => surface3d({ ...sampleSurface(), elevation: 90 }, 'light'), /<path/],
  ['a surface from the edge', () => surface3d({ ...sampleSurface(), azimuth: 725, elevation: -5 }, 'light'), /<path/],
  [
    'a matrix without attacks',
    () => attackMatrix({ ...sampleMatrix(), attacks: [], accuracy: [] }, 'light'),
    /no attack on a model/,
  ],
  [
    'a matrix of NaN',
    () => attackMatrix({ ...sampleMatrix(), accuracy: new Array<number>(15).fill(NaN) }, 'light'),
    /not run/,
  ],
  ['no class', () => classHistogram({ ...sampleClasses(), classes: [], series: [] }, 'light'), /nothing to count/],
  [
    'classes without a count',
    () =>
      classHistogram(
        { ...sampleClasses(), series: [{ label: 'a', counts: [0, NaN, 0, 0, 0, 0, 0, 0, 0, 0] }] },
        'light',
      ),
    /<rect/,
  ],
  [
    'a strip of nothing',
    () => filmstrip({ ...sampleFilm(), images: new Float32Array(), steps: [], energies: [] }, 'light'),
    /no image to show/,
  ],
  [
    'a strip with an energy of NaN',
    () => filmstrip({ ...sampleFilm(), energies: new Array<number>(10).fill(NaN) }, 'light'),
    /not finite/,
  ],
  ['no curve of robustness', () => robustnessCurve({ ...sampleRobustness(), series: [] }, 'light'), /no finite value/],
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
  expect(() => attackMatrix({ ...sampleMatrix(), accuracy: [1] }, 'light')).toThrow(
    '1 accuracies are not 3 models × 5 attacks.',
  );
  expect(() => classHistogram({ ...sampleClasses(), classes: ['one'] }, 'light')).toThrow(
    "'all' has 10 counts for 1 classes.",
  );
  expect(() => filmstrip({ ...sampleFilm(), steps: [0] }, 'light')).toThrow(
    '7840 values and 10 energies are not 1 images of 28 × 28 × 1.',
  );
  expect(() => surface3d({ ...sampleSurface(), panels: [{ title: 'a', grid: flat(0), n: 8 }] }, 'light')).toThrow(
    "The grid of 'a' has 81 energies, not 8 × 8.",
  );
  expect(() => descentFigure({ ...sampleDescent(), classes: ['one'] }, 'light')).toThrow(
    /Step 0 of 'Natural' has 3920 values/,
  );
});

const sizeOf = (svg: string) => (/ width="(\d+)" height="(\d+)"/.exec(svg) ?? []).slice(1).map(Number);
const charts = new Set(['histogram', 'line-chart', 'robustness-curve', 'quiver']);
for (const [id, figure] of figures)
  test(`${id} takes the width that it is given, and a chart the height`, () => {
    for (const width of [240, 321, 661, 1200]) {
      const svg = figure.example('light', {}, { width, height: 500 });
      expect(xmlProblem(svg)).toBeUndefined();
      const [drawnWidth, drawnHeight] = sizeOf(svg);
      expect(drawnWidth).toBe(width);
      if (charts.has(id)) expect(drawnHeight).toBe(500);
      for (const [, x = ''] of svg.matchAll(/<text x="(-?[\d.]+)"/g)) expect(Number(x)).toBeLessThanOrEqual(width);
    }
    expect(sizeOf(figure.example('light', {}, { width: 3 }))[0]).toBe(240);
    expect(sizeOf(figure.example('light', {}, { width: 1e9 }))[0]).toBe(4000);
  });

test('superseded points are grey, dashed, below, and have one key', () => {
  const series = [
    { label: 'loss', x: [0, 1], y: [1, 2] },
    { label: 'loss', x: [0, 1], y: [1, 3], superseded: true },
    { label: 'ce', x: [0, 1], y: [1, 9], superseded: true },
  ];
  const svg = lineChart({ ...curve([]), series }, 'light');
  const strokes = [...svg.matchAll(/<path d="M[^"]*L[^"]*"[^>]*stroke="(#\w+)"[^>]*>/g)];
  expect(strokes.map(([path, colour]) => [colour, path.includes('stroke-dasharray')])).toEqual([
    [themes.light.ink3, true],
    [themes.light.ink3, true],
    ['#0072b2', false],
  ]);
  expect(svg.match(/>superseded<\/text>/g)).toHaveLength(1);
  expect(svg).not.toContain('>ce</text>');
});

test('a band reaches from its lowest to its highest value, however many points it stands for', () => {
  const x = Array.from({ length: 5000 }, (_, i) => i);
  const y = x.map(() => 0);
  const high = x.map((i) => (i === 3210 ? 50 : 1));
  const svg = lineChart({ ...curve([]), series: [{ label: 'a', x, y, low: y, high }] }, 'light');
  expect(svg).toContain('>50</text>');
  expect(svg.length).toBeLessThan(60_000);
});

test('a robustness curve starts at the clean accuracy', () => {
  const series = [{ model: 'm', attack: 'PGD', eps: [8, 2], accuracy: [0.2, 0.6] }];
  const svg = robustnessCurve({ title: 't', unit: 'linf, n/255', clean: { m: 0.9 }, series }, 'light');
  expect(svg.match(/<circle/g)).toHaveLength(3);
});

test('a surface stays below 2 MB however many panels there are and however fine they are', () => {
  const n = 301;
  const grid = Float32Array.from({ length: n * n }, (_, i) => Math.sin(i / 50) + (i % n) / 100);
  for (const count of [1, 2, 4, 6]) {
    const many = Array.from({ length: count }, (_, i) => ({ title: `m${i}`, grid, n }));
    expect(surface3d({ ...sampleSurface(), panels: many }, 'light').length).toBeLessThan(2e6);
  }
});

test('a reliability diagram says its calibration error, and leaves out panels without images', () => {
  const empty = { title: 'nothing', bins: [{ from: 0, to: 1, count: 0, accuracy: NaN, confidence: NaN }] };
  const svg = reliabilityFigure({ title: 't', panels: [empty, { title: 'model', bins: oneBin(0.5) }] }, 'light');
  expect(svg).toContain('model, ECE 30 %');
  expect(svg).not.toMatch(/nothing|NaN/);
  expect(reliabilityFigure({ title: 't', panels: [empty] }, 'light')).toContain('There is no prediction to show.');
});
