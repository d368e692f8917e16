import { expect, test } from 'vitest';
import { readSavedFigure, savedFigure } from '../../core/figures/figure-file';
import { lineChart } from '../../core/figures/line-chart';
import { type FigureId, drawFigure, figureCsv, figureRegistry } from '../../core/figures/registry';
import { sampleCurves, sampleGrid, sampleHistogram } from '../../core/figures/samples';
import { sampleMatrix, sampleRobustness } from '../../core/figures/samples-views';

const figures = figureRegistry.all.map((figure) => [figure.id, figure] as const);

/** RFC 4180, strictly. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/y;
  for (let row: string[] = []; cell.lastIndex < csv.length;) {
    const found = cell.exec(csv);
    if (!found) throw new Error('no CSV');
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

test.each(figures)('%s comes back from its file: the same picture, the same table', (_, figure) => {
  const { figure: id, data } = readSavedFigure(figure.saved(), 'a.json');
  expect(id).toBe(figure.id);
  const open = figure.open(data);
  for (const theme of ['light', 'dark'] as const) expect(open.svg(theme) === figure.example(theme)).toBe(true);
  expect(open.provenance).toEqual({ data: 'made up', seed: '0' });
  const [header = [], ...rows] = rowsOf(open.csv());
  expect(new Set(header).size).toBe(header.length);
  expect(rows.length).toBeGreaterThan(2);
  for (const row of rows) expect(row).toHaveLength(header.length);
  expect(open.csv()).not.toMatch(/NaN|Infinity|undefined/);
});

test.each(figures)('%s: every number of its table is the number of its data', (_, figure) => {
  const { data } = readSavedFigure(figure.saved(), 'a.json');
  const numbers = new Set(JSON.stringify(data).match(/-?\d+(\.\d+)?(e[+-]?\d+)?/g));
  const shown = rowsOf(figure.open(data).csv())
    .slice(1)
    .flat()
    .filter((cell) => /^-?\d/.test(cell) && !Number.isNaN(Number(cell)));
  const computed = new Set<FigureId>(['histogram', 'contour-panels', 'surface-3d']);
  if (computed.has(figure.id)) return;
  expect(shown.filter((cell) => cell !== '0' && !numbers.has(cell))).toEqual([]);
});

test('tables carry units, counts and places', () => {
  const lines = figureCsv('line-chart', sampleCurves()).split('\n');
  expect(lines[0]).toBe('series,superseded,step,accuracy,"mean E(x) − E(x̃), nats",lowest,highest');
  expect(lines.some((line) => line.startsWith('clean,true,500,'))).toBe(true);
  const histogram = rowsOf(figureCsv('histogram', sampleHistogram()));
  expect(histogram[0]).toEqual([
    'from (E(x), nats)',
    'to (E(x), nats)',
    'clean (images)',
    'adversarial (images)',
    'generated (images)',
  ]);
  expect(histogram.slice(1).reduce((sum, row) => sum + Number(row[2]), 0)).toBe(600);
  expect(figureCsv('attack-matrix', sampleMatrix()).split('\n').slice(0, 2)).toEqual([
    'model,clean (accuracy),FGSM 8/255 (accuracy),PGD-20 8/255 (accuracy),"CW 8/255, 50 steps (accuracy)",AutoAttack 8/255 (accuracy)',
    'Natural,0.951,0.241,0.003,0,0',
  ]);
  expect(figureCsv('robustness-curve', sampleRobustness()).split('\n')[1]).toBe('Natural,PGD-20,0,0.95');
  const contours = rowsOf(
    figureCsv('contour-panels', {
      title: 't',
      panels: [
        {
          title: 'm',
          grid: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 0.1),
          n: 3,
          paths: [{ label: 'w', a: [0, 1], b: [0, 2] }],
        },
      ],
      extent: 8,
      unit: 'n/255',
      shared: true,
    }),
  );
  expect(contours[2]).toEqual(['m', '', '0', '-8', '1']);
  expect(contours.slice(-3)).toEqual([
    ['m', '', '8', '8', '0.100000001'],
    ['m', 'w', '0', '0', ''],
    ['m', 'w', '1', '2', ''],
  ]);
});

test('what is not finite is saved as null and is a gap again', () => {
  const data = {
    title: 't',
    xLabel: 'x',
    yLabel: 'y',
    series: [{ label: 'a', x: [0, 1, 2], y: Float32Array.of(1, NaN, Infinity) }],
  };
  const text = savedFigure({ figure: 'line-chart', data });
  expect(text).toContain('"y":[1,null,null]');
  const open = figureRegistry.get('line-chart').open(readSavedFigure(text, 'a').data);
  expect(open.svg('light')).toBe(lineChart(data, 'light'));
  expect(open.csv()).toBe('series,x,y\na,0,1\na,1,\na,2,\n');
});

test('drawFigure draws what the registry draws', () => {
  expect(drawFigure('image-grid', sampleGrid(), 'dark')).toBe(figureRegistry.get('image-grid').example('dark'));
});

const saved = (figure: FigureId, change: (data: Record<string, unknown>) => unknown) => {
  const file = JSON.parse(figureRegistry.get(figure).saved()) as { data: Record<string, unknown> };
  return () => figureRegistry.get(figure).open(change(file.data));
};

test.each([
  ['no title', saved('histogram', ({ title: _, ...data }) => data), "The data of 'histogram' are wrong: title: "],
  ['a field too many', saved('quiver', (data) => ({ ...data, colour: 1 })), "'quiver' are wrong: colour: "],
  [
    'words for numbers',
    saved('line-chart', (data) => ({ ...data, series: [{ label: 'a', x: [1], y: ['2'] }] })),
    'series.0.y.0: Expected',
  ],
  [
    'a colour that is none',
    saved('histogram', (data) => ({ ...data, series: [{ label: 'a', values: [], colour: 'url(#a)' }] })),
    'series.0.colour: Expected #rrggbb',
  ],
  ['a shape of two', saved('image-grid', (data) => ({ ...data, shape: [28, 28] })), 'shape.2: '],
  ['an extent of zero', saved('contour-panels', (data) => ({ ...data, extent: 0 })), 'extent: '],
  ['a list', saved('descent', () => []), "'descent' are wrong: "],
  ['no JSON', () => readSavedFigure('{', 'a.json'), "'a.json' is not JSON: "],
  ['another document', () => readSavedFigure('{"figure":3}', 'a.json'), "'a.json' is no saved figure: figure: "],
  ['an unknown figure', () => figureRegistry.get('contour-panel'), "Unknown figure 'contour-panel'."],
])('%s is refused with the field', (_, open, words) => {
  expect(open).toThrow(words);
});
