/** Histograms and arrows as data. */
import { describe, expect, it } from 'vitest';
import { energyArrows, histogram } from '../../core/metrics/energies';

describe('histogram', () => {
  it('counts every finite value of each group once, on shared bins', () => {
    const { edges, counts } = histogram({ clean: [0, 1, 2, 4], adversarial: [-4, NaN, 4, Infinity] }, 4);
    expect(edges).toEqual([-4, -2, 0, 2, 4]);
    expect(counts).toEqual({ clean: [0, 0, 2, 2], adversarial: [1, 0, 0, 1] });
  });

  it('holds a single value and nothing at all', () => {
    expect(histogram({ one: [3, 3] }, 2).counts).toEqual({ one: [2, 0] });
    expect(histogram({ none: [] }, 2)).toEqual({ edges: [0, 0.5, 1], counts: { none: [0, 0] } });
  });
});

it('arrows run from clean to adversarial energies', () => {
  const point = (joint: number, marginal: number) => ({
    correct: [],
    predicted: [],
    crossEntropy: [],
    joint: [joint],
    marginal: [marginal],
  });
  expect(energyArrows(point(1, 2), point(3, 4))).toEqual([
    { from: { joint: 1, marginal: 2 }, to: { joint: 3, marginal: 4 } },
  ]);
});
