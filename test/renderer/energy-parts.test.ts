/** What the energy view computes in the window: values between grid points, images on a plane, balls, rays, columns, courses, arrows, layouts. */
import { describe, expect, it } from 'vitest';
import type { RunEvents } from '../../core/contract/areas/runs';
import { nearestArrow } from '../../renderer/plots/arrows/geometry';
import { arrange, flatMargins } from '../../renderer/plots/contours/layout';
import { ballOutline, energyAt, imageAt } from '../../renderer/plots/contours/plane';
import { heightsOf, isHidden, meets, unplace } from '../../renderer/plots/surface3d/heights';
import { turned, usualView } from '../../renderer/plots/surface3d/orbit';
import { withBatch } from '../../renderer/views/energy/distributions.svelte';
import { flatnessCsv } from '../../renderer/views/energy/flatness-columns';
import { withEvents } from '../../renderer/views/energy/history.svelte';
import { chosenModels, offsetText } from '../../renderer/views/energy/question';

const n = 5;
const extent = 2;
/** 3 a - b at every point. */
const grid = Float32Array.from({ length: n * n }, (_, i) => 3 * ((i % n) - 2) - (Math.floor(i / n) - 2));
const plane = { n, grid, extent };

describe('a plane', () => {
  it('is linear between its points, and ends at its range', () => {
    for (const [a, b] of [
      [0, 0],
      [0.3, -1.7],
      [2, 2],
      [-2, 1.25],
    ] as const)
      expect(energyAt(plane, { a, b })).toBeCloseTo(3 * a - b, 5);
    expect(energyAt(plane, { a: 2.01, b: 0 })).toBeNaN();
  });

  it('holds images, shown at the ends of [0,1] where they leave it', () => {
    const image = Float32Array.of(0.5, 0.9);
    const { pixels, outside } = imageAt(
      { image, u: Float32Array.of(1, 1), v: Float32Array.of(0, -1) },
      { a: 0.25, b: 0 },
    );
    expect([...pixels]).toEqual([0.75, 1]);
    expect(outside).toBe(0.5);
  });

  it.each(['linf', 'l2'] as const)('cuts the ball where its border has size eps, %s', (norm) => {
    const [u, v] = [Float32Array.of(1, 0, 0.5), Float32Array.of(-0.3, 1, 0.2)];
    for (const { a, b } of ballOutline(u, v, norm, 0.1)) {
      const move = u.map((value, i) => a * value + b * (v[i] ?? 0));
      const size = norm === 'linf' ? Math.max(...move.map(Math.abs)) : Math.hypot(...move);
      expect(size).toBeCloseTo(0.1, 6);
    }
  });
});

describe('a surface', () => {
  const range = { low: 0, high: 1 };
  /** A wall along a = 0 on a flat floor. */
  const wall = { n: 41, extent: 1, grid: Float32Array.from({ length: 41 * 41 }, (_, i) => (i % 41 === 20 ? 1 : 0)) };
  const heights = heightsOf(wall, range);

  it('hides what lies behind a hill, and nothing seen from above', () => {
    const view = { azimuth: 0, elevation: 20 };
    expect(isHidden(heights, -0.5, 0, view)).toBe(true);
    expect(isHidden(heights, 0.5, 0, view)).toBe(false);
    expect(isHidden(heights, -0.5, 0, { azimuth: 180, elevation: 20 })).toBe(false);
    expect(isHidden(heights, -0.5, 0, { azimuth: 0, elevation: 88 })).toBe(false);
  });

  it('is met where the pointer points: the floor before the wall, the wall itself behind', () => {
    const view = { azimuth: 0, elevation: 45 };
    const before = meets(heights, [0.5, 0.2], view);
    expect(before?.a).toBeCloseTo(0.5, 1);
    expect(before?.b).toBeCloseTo(0.2, 1);
    expect(meets(heights, [-0.3, 0.2], view)?.a).toBeCloseTo(0, 1);
    expect(meets(heights, [5, 5], view)).toBeUndefined();
  });

  it('finds the floor under a pixel', () => {
    const place = (a: number, b: number, z: number) => [100 + 40 * a - 20 * b, 80 + 10 * a + 30 * b - z] as const;
    const [a = NaN, b = NaN] = unplace(place, place(0.3, -0.7, 0)) ?? [];
    expect([a, b].map((value) => Number(value.toFixed(6)))).toEqual([0.3, -0.7]);
  });

  it('turns all the way round, and stays above the floor', () => {
    expect(turned({ azimuth: 170, elevation: 80 }, 20, 30)).toEqual({ azimuth: -170, elevation: 88 });
    expect(turned({ azimuth: 0, elevation: 10 }, 0, -30).elevation).toBe(6);
    expect(turned()).toBe(usualView);
  });
});

it('panels are side by side unless rows make them much larger, and never too small to read', () => {
  const columns = ({ places }: ReturnType<typeof arrange>) => places.filter(({ y }) => y === places[0]?.y).length;
  const wide = arrange(4, { width: 1200, height: 500 }, flatMargins);
  expect(columns(wide)).toBe(4);
  expect(columns(arrange(4, { width: 700, height: 900 }, flatMargins))).toBe(2);
  for (const width of [300, 503, 880, 1700])
    for (let count = 1; count <= 8; count++)
      expect(arrange(count, { width, height: 300 }, flatMargins).side).toBeGreaterThanOrEqual(flatMargins.smallest);
});

it('batches of energies find their places, also when a stream begins again', () => {
  const batch = { kind: 'clean', total: 3, joint: Float32Array.of(1, 2), marginal: Float32Array.of(0, 0) } as const;
  const first = withBatch({}, { ...batch, from: 0, correct: Uint8Array.of(1, 1) });
  const both = withBatch(first, {
    ...batch,
    from: 2,
    joint: Float32Array.of(3),
    marginal: Float32Array.of(0),
    correct: Uint8Array.of(0),
  });
  expect([...(both.clean?.joint ?? [])]).toEqual([1, 2, 3]);
  expect(both.clean).toMatchObject({ done: 3, correct: 2 });
  expect(withBatch(both, { ...batch, from: 0, correct: Uint8Array.of(1, 0) }).clean?.correct).toBe(1);
});

it('a course leaves out what a resume superseded, and tells epochs from steps', () => {
  const event = (seq: number, step: number, deltaEnergy: number) => ({
    kind: 'evaluation',
    seq,
    step,
    t: 0,
    'validation.deltaEnergy': deltaEnergy,
    'accuracy.robust': 0.4,
    'accuracy.clean': 0.9,
  });
  const steps = {
    seq: Uint32Array.of(0),
    t: Float64Array.of(0),
    step: Uint32Array.of(50),
    epoch: Float64Array.of(2),
    values: {},
  };
  const piece: RunEvents = { seq: 4, steps, events: [event(1, 50, 0.5), event(3, 100, 0.7)], superseded: [] };
  const before = withEvents({ epochs: NaN, evaluations: [] }, piece);
  expect(before.epochs).toBe(0.04);
  const after = withEvents(before, { ...piece, seq: 9, events: [event(8, 100, 0.6)], superseded: [[2, 4]] });
  expect(after.evaluations.map(({ deltaEnergy }) => deltaEnergy)).toEqual([0.5, 0.6]);
  expect(after.evaluations[0]).toMatchObject({ robustError: 0.6, step: 50 });
});

it('the arrow nearest to the pointer is found by its line', () => {
  const arrows = [[0, 0, 100, 0], undefined, [0, 50, 100, 50]] as const;
  expect(nearestArrow(arrows, 50, 12)).toBe(0);
  expect(nearestArrow(arrows, 50, 40)).toBe(2);
  expect(nearestArrow(arrows, 50, 200)).toBeUndefined();
});

it('offsets are written as people write them', () => {
  expect([3 * 0.1, 8 / 255, 24 / 255, 1.5].map(offsetText)).toEqual(['0.3', '8/255', '24/255', '1.5']);
});

it('flatness as CSV has units and one row a model', () => {
  const flatness = {
    images: 8,
    random: { mean: 0.5, meanMax: 1, max: 2 },
    attacked: { mean: 1.5, max: 3 },
    gap: 4,
    maxOverGap: 0.25,
    gradientNorm: 2,
    traceJoint: 0,
    traceMarginal: NaN,
    basinRadius: 6,
  };
  const [header, row] = flatnessCsv([{ model: 'a,b', done: 8, total: 8, flatness }]).split('\n');
  expect(header).toContain('rise, attacked (nats)');
  expect(row).toBe('"a,b",8,1.5,0.5,0.25,2,0,,6');
});

describe('the models of the first look', () => {
  const rows = ['jeat-moons', 'at-moons', 'natural-moons', 'other-moons'].map((name) => ({
    name: `toys/${name}`,
    source: 'embedded' as const,
    card: { name, dataset: 'toy-moons' },
  }));

  it('are told in their order, whatever follows the method in their names', () => {
    const told = ['toys/natural-moons', 'toys/at-moons', 'toys/jeat-moons'];
    expect(chosenModels({ models: [], model: '' }, rows, 'toy-moons')).toEqual(told);
    expect(chosenModels({ models: [], model: '' }, rows, 'toy-rings')).toEqual([]);
  });
});
