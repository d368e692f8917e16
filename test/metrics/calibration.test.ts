/** Calibration and rankings against scikit-learn and torchmetrics (test/fixtures/metrics/make.py), and what cannot be judged. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { calibrationOf } from '../../core/metrics/calibration';
import { ranking } from '../../core/metrics/ranking';
import { bestTemperature, temperatureScaling } from '../../core/metrics/temperature';
import { u } from '../models/reference';

const numbers = v.record(v.string(), v.number());
const reference = v.parse(
  v.object({
    calibration: v.array(v.objectWithRest({ scale: v.number(), labels: v.array(v.number()) }, v.number())),
    rankings: v.array(v.objectWithRest({ name: v.string() }, v.number())),
  }),
  JSON.parse(readFileSync(new URL('../fixtures/metrics/reference.json', import.meta.url), 'utf8')),
);
const classes = 10;
const predictions = ({ scale, labels }: { scale: number; labels: number[] }) => ({
  logits: Float32Array.from(u('logits', labels.length * classes), (value) => value * scale),
  labels,
  classes,
});

describe.each(reference.calibration)('logits of scale $scale', ({ scale, labels, ...expected }) => {
  it('are calibrated as torchmetrics and scikit-learn say', () => {
    const found = calibrationOf(predictions({ scale, labels }));
    const { ece10, ece15, accuracy, confidence, brier, nll } = found;
    for (const [name, value] of Object.entries({ ece10, ece15, accuracy, confidence, brier, nll }))
      expect(Math.abs(value - (v.parse(numbers, expected)[name] ?? NaN)), name).toBeLessThan(1e-6);
    expect(found.bins.reduce((sum, { count }) => sum + count, 0)).toBe(labels.length);
  });

  it('have the temperature at which no other does better', () => {
    const given = predictions({ scale, labels });
    const { temperature, atEdge } = bestTemperature(given);
    expect(atEdge).toBe(false);
    const best = calibrationOf(given, temperature).nll;
    for (const factor of [0.9, 0.99, 1.01, 1.1])
      expect(calibrationOf(given, temperature * factor).nll).toBeGreaterThan(best);
    const scaled = temperatureScaling(given);
    expect(scaled?.after.images).toBe(labels.length / 2);
    expect(scaled?.after.accuracy).toBe(scaled?.before.accuracy);
    expect(scaled?.after.nll).toBeLessThan(scaled?.before.nll ?? 0);
  });
});

const scores: Readonly<Record<string, [ArrayLike<number>, ArrayLike<number>]>> = {
  apart: [u('a', 300).map((s) => s + 0.3), u('b', 200)],
  tied: [u('a', 300).map((s) => even((s + 0.1) * 8)), u('b', 200).map((s) => even(s * 8))],
  perfect: [u('a', 300).map((s) => s + 2), u('b', 200)],
  inverted: [u('a', 300).map((s) => s - 2), u('b', 200)],
  same: [new Float64Array(30), new Float64Array(20)],
};
/** numpy rounds halves to even. */
function even(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below & 1) : Math.round(value);
}

it.each(reference.rankings)('scores that are $name rank as scikit-learn says', ({ name, ...expected }) => {
  const [positives = [], negatives = []] = scores[name] ?? [];
  for (const [what, value] of Object.entries(ranking(positives, negatives)))
    expect(Math.abs(value - (v.parse(numbers, expected)[what] ?? NaN)), what).toBeLessThan(1e-9);
});

describe('what cannot be judged', () => {
  it.each([
    [{ logits: new Float32Array(0), labels: [], classes }, 'There are no predictions to judge.'],
    [{ logits: new Float32Array(20).fill(NaN), labels: [0, 1], classes }, 'The logits of image 0 hold NaN.'],
    [{ logits: new Float32Array(20), labels: [0, 10], classes }, 'Image 1 has the label 10; there are 10 classes.'],
    [{ logits: new Float32Array(19), labels: [0, 1], classes }, '19 logits are not 2 rows of 10.'],
  ])('is refused in a sentence', (given, sentence) => {
    expect(() => calibrationOf(given)).toThrow(sentence);
  });

  it('holds for scores too', () => {
    expect(() => ranking([], [1])).toThrow('There are no in-distribution scores to compare.');
    expect(() => ranking([1], [NaN])).toThrow('Score 0 of the other images is not a number.');
  });

  it('a temperature at the edge is said: all right, or all wrong', () => {
    const logits = Float32Array.from({ length: 40 }, (_, i) => (i % 10 === 3 ? 1 : 0));
    expect(bestTemperature({ logits, labels: [3, 3, 3, 3], classes })).toEqual({ temperature: 1e-3, atEdge: true });
    expect(bestTemperature({ logits, labels: [1, 1, 1, 1], classes })).toEqual({ temperature: 1e3, atEdge: true });
    expect(temperatureScaling({ logits: logits.subarray(0, 10), labels: [1], classes })).toBeUndefined();
  });
});
