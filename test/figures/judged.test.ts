/** What the metrics measure as the data of figures: every number in its place. */
import { expect, test } from 'vitest';
import {
  calibrationData,
  curveData,
  distanceData,
  perClassData,
  scoreData,
  transferData,
} from '../../core/figures/judged';
import { drawFigure, figureCsv } from '../../core/figures/registry';
import { calibrationOf } from '../../core/metrics/calibration';
import { distanceSummary } from '../../core/metrics/distances';
import { perClass } from '../../core/metrics/per-class';
import { temperatureScaling } from '../../core/metrics/temperature';

const provenance = { model: 'm' };

test('a transfer matrix has a row for each model that is judged, the clean accuracy first', () => {
  const result = {
    models: ['a', 'b'],
    attack: 'pgd',
    options: {},
    images: 10,
    clean: [0.9, 0.8],
    // crafted on a: a stands in .1, b in .5; crafted on b: a in .6, b in .2
    accuracy: [
      [0.1, 0.5],
      [0.6, 0.2],
    ],
  };
  const data = transferData(result, provenance);
  expect(figureCsv('attack-matrix', data)).toBe(
    'model,clean (accuracy),on a (accuracy),on b (accuracy)\na,0.9,0.1,0.6\nb,0.8,0.5,0.2\n',
  );
  expect(drawFigure('attack-matrix', data, 'light')).toContain('10 images attacked by pgd');
});

test('a curve is in n/255 for linf, with the worst case where there are several attacks', () => {
  const result = {
    norm: 'linf',
    images: 10,
    clean: 0.9,
    eps: [2 / 255, 8 / 255],
    attacks: [
      { attack: 'fgsm', title: 'FGSM', accuracy: [0.8, 0.5] },
      { attack: 'pgd', title: 'PGD', accuracy: [0.7, 0.6] },
    ],
    worst: [0.7, 0.4],
  } as const;
  expect(figureCsv('robustness-curve', curveData('m', result, provenance)).split('\n')).toEqual([
    'model,attack,"eps (linf, n/255)",accuracy',
    'm,FGSM,0,0.9',
    'm,FGSM,2,0.8',
    'm,FGSM,8,0.5',
    'm,PGD,0,0.9',
    'm,PGD,2,0.7',
    'm,PGD,8,0.6',
    'm,worst case,0,0.9',
    'm,worst case,2,0.7',
    'm,worst case,8,0.4',
    '',
  ]);
  const alone = curveData('m', { ...result, norm: 'l2', attacks: result.attacks.slice(1) }, provenance);
  expect(alone.series).toHaveLength(1);
  expect(alone.series[0]?.eps).toEqual(result.eps);
  expect(alone.unit).toBe('l2');
});

test('a histogram of distances leaves out what is wrong anyway and what was not found', () => {
  const distances = [0, 1 / 255, 3 / 255, Infinity];
  const result = { attack: 'fab', norm: 'linf', ...distanceSummary(distances), distances };
  const { series, xLabel } = distanceData('m', [result], provenance);
  expect(series).toEqual([{ label: 'fab', values: [1, 3] }]);
  expect(xLabel).toBe('distance (linf, n/255)');
  expect(distanceData('m', [{ ...result, norm: 'l2' }], provenance)).toMatchObject({
    xLabel: 'distance (l2, pixels in [0,1])',
    series: [{ values: [1 / 255, 3 / 255] }],
  });
});

test('calibration shows the half that the temperature was not found on, and all images where there is none', () => {
  const logits = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * 12.9) * 4);
  const labels = Array.from({ length: 20 }, (_, i) => i % 3);
  const given = { logits, labels, classes: 3 };
  const all = calibrationOf(given);
  const scaling = temperatureScaling(given);
  if (!scaling) throw new Error('20 images have halves');
  const about = { title: 'm', provenance };
  const both = calibrationData({ ...all, scaling }, about);
  expect(both.panels.map(({ bins }) => bins)).toEqual([scaling.before.bins, scaling.after.bins]);
  expect(both.panels[1]?.title).toBe(`at temperature ${scaling.temperature.toPrecision(3)}`);
  expect(both.subtitle).toContain('The 10 images');
  expect(calibrationData({ ...all, scaling: null }, about).panels).toEqual([{ title: 'as it is', bins: all.bins }]);
  expect(drawFigure('reliability', both, 'dark')).not.toContain('NaN');
});

test('classes and scores keep their order and their names', () => {
  const rows = perClass({ labels: [0, 1, 1], clean: [true, true, false], adversarial: [true, false, false] }, [
    'a',
    'b',
  ]);
  expect(perClassData(rows, { title: 't' })).toMatchObject({
    classes: ['a', 'b'],
    series: [{ counts: [1, 2] }, { counts: [1, 1] }, { counts: [1, 0] }],
  });
  const data = scoreData('-E(x)', { name: 'own', values: [1, 2] }, [{ name: 'noise', values: [0] }], {
    title: 'm',
    provenance,
  });
  expect(data.series.map(({ label }) => label)).toEqual(['own', 'noise']);
  expect(data).toMatchObject({ title: '-E(x) of m', xLabel: '-E(x)' });
});
