/** Planes, directions, flatness, curvature and basins on a fixed convnet and on energies whose answer is known. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jointEnergy, marginalEnergy } from '../../core/energy/energy';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import type { Classifier } from '../../core/models/model';
import { basinRadius } from '../../core/surface/basin';
import { hessianTrace } from '../../core/surface/curvature';
import { dot, planeDirections } from '../../core/surface/directions';
import { measureFlatness } from '../../core/surface/flatness';
import { energyPlane } from '../../core/surface/plane';
import * as fixture from '../energy/reference';
import { open, testEngines } from '../engines';

const size = (values: Float32Array, norm: string) =>
  norm === 'linf' ? Math.max(...values.map(Math.abs)) : Math.sqrt(dot(values, values));

describe('plane directions', () => {
  it.each(['linf', 'l2'] as const)('are orthogonal, of size 1 in %s, and belong to their key', (norm) => {
    const attack = fixture.uniform(3, 108);
    for (const first of [undefined, attack]) {
      const { u, v } = planeDirections(key(1, 'plane'), fixture.shape, norm, first);
      expect(dot(u, v) / Math.sqrt(dot(u, u) * dot(v, v))).toBeCloseTo(0, 6);
      expect(size(u, norm)).toBeCloseTo(1, 6);
      expect(size(v, norm)).toBeCloseTo(1, 6);
      expect(planeDirections(key(1, 'plane'), fixture.shape, norm, first).v).toEqual(v);
      expect(planeDirections(key(2, 'plane'), fixture.shape, norm, first).v).not.toEqual(v);
      if (first) expect(dot(u, first) / Math.sqrt(dot(u, u) * dot(first, first))).toBeCloseTo(1, 6);
    }
  });

  it('are random where the attack did not move', () => {
    const { u } = planeDirections(key(1, 'plane'), fixture.shape, 'l2', new Float32Array(108));
    expect(u).toEqual(planeDirections(key(1, 'plane'), fixture.shape, 'l2').u);
  });
});

/** E(x,0) = curvature / 2 * ||x - c||^2 and E(x,1) = 10 + E(x,0), with c = 0.5. */
const bowl = (curvature: number): Classifier => ({
  classes: 2,
  inputShape: fixture.shape,
  weights: {},
  having: () => bowl(curvature),
  logits: (x) =>
    tf.tidy(() => {
      const height = tf.mul(tf.sum(tf.square(tf.sub(x, 0.5)), [1, 2, 3]), curvature / 2);
      return tf.stack([tf.neg(height), tf.sub(-10, height)], 1) as Tensor2D;
    }),
});

describe.each(testEngines)('surfaces on %s', (id) => {
  let engine: Engine;
  let model: ReturnType<typeof fixture.net>;
  let x: Tensor4D;
  let y: Tensor1D;
  const random = (seed = 1) => engine.random(key(seed, 'test'));
  beforeAll(async () => {
    engine = await open(id);
    [model, x, y] = [fixture.net(tf.softplus), fixture.x(), fixture.y()];
  });
  afterAll(async () => {
    model.dispose();
    tf.dispose([x, y]);
    await engine.dispose();
  });

  it('a plane holds the image in its middle, and every point where it says, in any batch', async () => {
    const image = fixture.imageValues.slice(0, 108);
    const directions = planeDirections(key(1, 'plane'), fixture.shape, 'linf');
    const before = engine.memory().tensors;
    const plane = await energyPlane(engine, model, image, 3, directions, { resolution: 7, range: 0.3 });
    expect(engine.memory().tensors).toBe(before);
    const small = await energyPlane(engine, model, image, 3, directions, { resolution: 7, range: 0.3, batch: 5 });
    plane.joint.forEach((value, i) => expect(small.joint[i]).toBeCloseTo(value, 5));
    const [row, column] = [5, 1];
    const expected = tf.tidy(() => {
      const offset = directions.u.map(
        (u, j) => (plane.offsets[column] ?? NaN) * u + (plane.offsets[row] ?? NaN) * (directions.v[j] ?? NaN),
      );
      const points = tf.tensor4d(
        [...image, ...image.map((value, j) => value + (offset[j] ?? NaN))],
        [2, ...fixture.shape],
      );
      const logits = model.logits(points);
      return tf.stack([jointEnergy(logits, tf.tensor1d([3, 3], 'int32')), marginalEnergy(logits)]);
    });
    const [joint, moved, marginal, movedMarginal] = await expected.data();
    expect(plane.joint[24]).toBeCloseTo(joint ?? NaN, 5);
    expect(plane.marginal[24]).toBeCloseTo(marginal ?? NaN, 5);
    expect(plane.joint[row * 7 + column]).toBeCloseTo(moved ?? NaN, 5);
    expect(plane.marginal[row * 7 + column]).toBeCloseTo(movedMarginal ?? NaN, 5);
    expected.dispose();
    await expect(energyPlane(engine, model, image, 3, directions, { resolution: 8, range: 1 })).rejects.toThrow(
      'The resolution is 8; it must be odd',
    );
    await expect(energyPlane(engine, model, image, 3, directions, { resolution: 7, range: -1 })).rejects.toThrow(
      'The range is -1',
    );
  });

  it('both Hessian traces agree, and are exact on a bowl', async () => {
    for (const value of [(logits: Tensor2D) => jointEnergy(logits, y), marginalEnergy]) {
      const differences = hessianTrace(model, x, value, { probes: 3, method: 'differences' }, random());
      if (engine.capabilities.secondOrder) {
        const before = engine.memory().tensors;
        const twice = hessianTrace(model, x, value, { probes: 3, method: 'twice' }, random());
        expect(engine.memory().tensors).toBe(before + 1);
        expect(fixture.relativeError(await differences.data(), await twice.data())).toBeLessThan(0.01);
        twice.dispose();
      }
      differences.dispose();
    }
    const zeros = tf.zeros([fixture.images], 'int32') as Tensor1D;
    const bowlTrace = hessianTrace(
      bowl(2),
      x,
      (logits) => jointEnergy(logits, zeros),
      { probes: 1, method: 'differences' },
      random(),
    );
    for (const trace of await bowlTrace.data()) expect(trace / 216).toBeCloseTo(1, 2);
    tf.dispose([zeros, bowlTrace]);
  });

  it('finds the radius of a bowl, and the limit where the energy never rises', async () => {
    const centre = tf.fill([2, ...fixture.shape], 0.5) as Tensor4D;
    const labels = tf.tensor1d([0, 1], 'int32');
    const plan = { rise: 1, limit: 4, directions: 3 };
    const radii = basinRadius(bowl(2), centre, labels, plan, random());
    for (const radius of await radii.data()) expect(radius).toBeCloseTo(1, 2);
    const endless = basinRadius(bowl(-1), centre, labels, plan, random());
    expect([...(await endless.data())]).toEqual([4, 4]);
    tf.dispose([centre, labels, radii, endless]);
  });

  it('flatness of a bowl is its known one; of two bowls the wider is flatter', async () => {
    const centre = tf.fill([4, ...fixture.shape], 0.5) as Tensor4D;
    const labels = tf.zeros([4], 'int32') as Tensor1D;
    const plan = {
      norm: 'l2' as const,
      eps: 0.5,
      samples: 8,
      attackSteps: 10,
      trace: { probes: 1, method: 'differences' as const },
      basin: { rise: 1, limit: 4, directions: 2 },
    };
    const before = engine.memory().tensors;
    const steep = await measureFlatness(bowl(2), centre, labels, plan, random());
    expect(engine.memory().tensors).toBe(before);
    const wide = await measureFlatness(bowl(0.5), centre, labels, plan, random());
    expect(steep.attacked.mean).toBeCloseTo(0.25, 3);
    expect(steep.gap).toBeCloseTo(10, 4);
    expect(steep.maxOverGap).toBeCloseTo(0.025, 4);
    expect(steep.random.max).toBeLessThanOrEqual(0.25 + 1e-5);
    expect(steep.random.mean).toBeLessThan(steep.random.meanMax);
    expect(steep.gradientNorm).toBeCloseTo(0, 5);
    expect(steep.basinRadius).toBeCloseTo(1, 2);
    expect(wide.maxOverGap).toBeLessThan(steep.maxOverGap);
    expect(wide.basinRadius).toBeGreaterThan(steep.basinRadius);
    expect(await measureFlatness(bowl(2), centre, labels, plan, random())).toEqual(steep);
    tf.dispose([centre, labels]);
  });
});
