/** What is counted from verdicts, distances and energies: by hand, and what cannot be counted. */
import { describe, expect, it } from 'vitest';
import { accuracyAt, distanceSummary } from '../../core/metrics/distances';
import { type EnergyChanges, energyChanges } from '../../core/metrics/energy-changes';
import { type FactId, type Measured, energyFacts } from '../../core/metrics/energy-facts';
import { perClass } from '../../core/metrics/per-class';
import type { RobustnessResult } from '../../core/metrics/robustness';

describe('class by class', () => {
  const verdicts = {
    labels: [0, 0, 2, 2, 2],
    clean: [true, false, true, true, false],
    adversarial: [true, true, false, true, true],
  };

  it('an image is robust when it is right both clean and attacked', () => {
    expect(perClass(verdicts, ['a', 'b', 'c'])).toEqual([
      { name: 'a', images: 2, cleanCorrect: 1, robustCorrect: 1, clean: 0.5, robust: 0.5 },
      { name: 'b', images: 0, cleanCorrect: 0, robustCorrect: 0, clean: null, robust: null },
      { name: 'c', images: 3, cleanCorrect: 2, robustCorrect: 1, clean: 2 / 3, robust: 1 / 3 },
    ]);
  });

  it('labels of no class, and verdicts of other images, are refused', () => {
    expect(() => perClass(verdicts, ['a', 'b'])).toThrow('Image 2 has the label 2; there are 2 classes.');
    expect(() => perClass({ ...verdicts, clean: [true] }, ['a', 'b', 'c'])).toThrow(
      '1 clean and 5 attacked verdicts are not 5 images.',
    );
  });
});

describe('smallest distances', () => {
  const distances = [0, 0.3, Infinity, 0.1, 0.2, 0];

  it('are summed up over the images that are right', () => {
    const { histogram, quantiles, ...found } = distanceSummary(distances, 2);
    expect(found).toEqual({
      images: 6,
      wrong: 2,
      found: 3,
      notFound: 1,
      median: 0.25,
      mean: expect.closeTo(0.2, 12) as number,
    });
    expect(histogram.counts).toEqual({ found: [1, 2] });
    expect(quantiles.map(({ share }) => share)).toEqual([0.05, 0.25, 0.5, 0.75, 0.95]);
    expect(quantiles.map(({ distance }) => distance)).toEqual([
      expect.closeTo(0.115, 12),
      expect.closeTo(0.175, 12),
      expect.closeTo(0.25, 12),
      // between .3 and what was not found
      null,
      null,
    ]);
  });

  it('give the accuracy at any radius: what is at the radius has fallen', () => {
    expect(accuracyAt(distances, [0, 0.1, 0.15, 0.3, 9])).toEqual([4 / 6, 3 / 6, 3 / 6, 1 / 6, 1 / 6]);
  });

  it('hold no median where nothing was found, and none at all where all is wrong', () => {
    expect(distanceSummary([Infinity, Infinity, 0])).toMatchObject({ median: null, mean: null, notFound: 2 });
    expect(distanceSummary([0, 0])).toMatchObject({ median: null, wrong: 2, found: 0 });
  });

  it('that are none, negative or not numbers are refused', () => {
    expect(() => distanceSummary([])).toThrow('There are no distances to judge.');
    expect(() => accuracyAt([0, -1], [1])).toThrow('The distance of image 1 is -1; it must be at least 0.');
    expect(() => distanceSummary([NaN])).toThrow('The distance of image 0 is NaN');
  });
});

const pointsOf = (marginal: number[], joint: number[]) => ({
  correct: marginal.map(() => true),
  predicted: marginal.map(() => 0),
  marginal,
  joint,
  crossEntropy: joint.map((e, i) => e - (marginal[i] ?? 0)),
});
const result = (marginal: [number[], number[]], joint: [number[], number[]]): RobustnessResult => ({
  images: marginal[0].length,
  clean: 1,
  robust: 0,
  energies: { clean: 0, adversarial: 0, jointClean: 0, jointAdversarial: 0 },
  deltaEnergy: 0,
  perImage: { clean: pointsOf(marginal[0], joint[0]), adversarial: pointsOf(marginal[1], joint[1]) },
});

describe('changes of energy', () => {
  it('are means with their standard errors, and the spread of the clean energies', () => {
    const changes = energyChanges(
      result(
        [
          [-4, -6, -8],
          [-5, -8, -11],
        ],
        [
          [-3, -3, -3],
          [1, 1, 1],
        ],
      ),
    );
    expect(changes.deltaEnergy).toBeCloseTo(2, 12);
    expect(changes.marginal).toMatchObject({ clean: -6, adversarial: -8, change: -2, spread: 2 });
    expect(changes.marginal.standardError).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(changes.joint).toMatchObject({ change: 4, standardError: 0, spread: 0 });
    expect(changes.marginal.histogram.counts.clean?.reduce((a, b) => a + b)).toBe(3);
  });

  it('of no image, or of energies that are not finite, are refused', () => {
    expect(() => energyChanges(result([[], []], [[], []]))).toThrow('There is no image to measure.');
    const broken = result(
      [
        [1, 2],
        [1, NaN],
      ],
      [
        [1, 2],
        [1, 2],
      ],
    );
    expect(() => energyChanges(broken)).toThrow('The energy of image 1 is 2, and NaN attacked; both must be finite.');
  });
});

/** Changes of E(x) and E(x,y) on a model whose clean energies spread by 2, with a standard error of .1. */
const changed = (marginal: number, joint = 0): EnergyChanges => {
  const of = (change: number) => ({
    clean: 0,
    adversarial: change,
    change,
    standardError: 0.1,
    spread: 2,
    histogram: { edges: [], counts: {} },
  });
  return { images: 400, clean: 1, robust: 0, deltaEnergy: -marginal, marginal: of(marginal), joint: of(joint) };
};

describe('known facts', () => {
  const standard: Measured = {
    pgd: changed(-6, 5),
    'trades-kl': changed(-3, 1),
    'apgd-ce': changed(-1, 3),
    'apgd-t': changed(0.5, 2),
    cw: changed(-0.3, 1),
  };
  const verdicts = (measured: Measured) =>
    Object.fromEntries(energyFacts(measured).map(({ id, verdict }) => [id, verdict]));

  it('hold for a model that does what is known', () => {
    expect(new Set(Object.values(verdicts(standard)))).toEqual(new Set(['holds']));
    for (const { checks } of energyFacts(standard))
      for (const { reason, from, to } of checks) {
        expect(reason.length).toBeGreaterThan(20);
        expect(from === null && to === null).toBe(false);
      }
  });

  it.each<[FactId, EnergyChanges, string]>([
    ['pgd', changed(-1.9, 5), 'less than a standard deviation down'],
    ['pgd', changed(-6, 0.1), 'E(x,y) not clearly up'],
    ['trades-kl', changed(-0.19), 'within chance'],
    ['apgd-ce', changed(-3.1, 3), 'more than half of what PGD does'],
    ['apgd-ce', changed(-0.1, 3), 'within chance'],
    ['apgd-ce', changed(-1, -1), 'E(x,y) down'],
    ['apgd-t', changed(0.1), 'within chance'],
    ['cw', changed(0.6), 'more than a quarter of a standard deviation'],
    ['cw', changed(-0.6), 'more than a quarter of a standard deviation'],
  ])('%s does not hold otherwise', (id, changes) => {
    expect(verdicts({ ...standard, [id]: changes })[id]).toBe('does not hold');
  });

  it('are not measured where their attack was not, or the one to compare with', () => {
    const facts = energyFacts({ ...standard, pgd: 'It was not asked for.', 'apgd-t': 'Too few classes.' });
    expect(facts.filter(({ verdict }) => verdict === 'not measured').map(({ id, why }) => [id, why])).toEqual([
      ['pgd', 'It was not asked for.'],
      ['apgd-ce', 'PGD, which it is compared with, was not measured.'],
      ['apgd-t', 'Too few classes.'],
    ]);
  });

  it('have no empty range where PGD goes up', () => {
    const apgd = energyFacts({ ...standard, pgd: changed(1, 5) }).find(({ id }) => id === 'apgd-ce');
    expect(apgd?.checks[0]).toMatchObject({ from: null, to: -0.2, holds: true });
  });
});
