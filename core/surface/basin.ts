/** Radius of the basin round an image: how far along a random direction E(x,y) first rises by a fixed amount. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { jointEnergy } from '../energy/energy';
import { unitL2 } from '../energy/geometry';
import type { Random } from '../engine/engine';
import type { Classifier } from '../models/model';

export interface BasinPlan {
  /** Rise of E(x,y) that ends the basin, in nats. */
  readonly rise: number;
  /** L2 distance at which the search ends; a basin that reaches it counts with this radius. */
  readonly limit: number;
  readonly directions: number;
}

const SCAN = 16;
const HALVINGS = 10;

/** Mean radius over the directions for each example [n], in L2; resolved to limit / (16 * 2^10). Points are not clipped to [0,1]. */
export function basinRadius(
  model: Classifier,
  x: Tensor4D,
  y: Tensor1D,
  { rise, limit, directions }: BasinPlan,
  random: Random,
): Tensor1D {
  return tf.tidy(() => {
    const bound = tf.add<Tensor1D>(jointEnergy(model.logits(x), y), rise);
    let total = tf.zeros([x.shape[0]]) as Tensor1D;
    for (let direction = 0; direction < directions; direction++) {
      total = tf.tidy(() => {
        const along = unitL2(random.fork(direction).normal(x.shape) as Tensor4D);
        const isOut = (radius: Tensor1D) => {
          const at = tf.add<Tensor4D>(x, tf.mul(along, tf.reshape(radius, [-1, 1, 1, 1])));
          return tf.greaterEqual(jointEnergy(model.logits(at), y), bound);
        };
        return tf.add<Tensor1D>(total, firstCrossing(isOut, x.shape[0], limit));
      });
    }
    return tf.div<Tensor1D>(total, directions);
  });
}

/** Scans outwards for the first step that is out, then halves the bracket before it; `limit` where none is. Nothing is read back. */
function firstCrossing(isOut: (radius: Tensor1D) => tf.Tensor, n: number, limit: number): Tensor1D {
  let inner = tf.zeros([n]) as Tensor1D;
  let found = tf.zeros([n], 'bool');
  for (let k = 1; k <= SCAN; k++) {
    found = tf.logicalOr(found, isOut(tf.fill([n], (limit * k) / SCAN)));
    inner = tf.where<Tensor1D>(found, inner, tf.fill([n], (limit * k) / SCAN));
  }
  let outer = tf.minimum<Tensor1D>(tf.add(inner, limit / SCAN), limit);
  for (let k = 0; k < HALVINGS; k++) {
    const middle = tf.div<Tensor1D>(tf.add(inner, outer), 2);
    const out = isOut(middle);
    outer = tf.where<Tensor1D>(out, middle, outer);
    inner = tf.where<Tensor1D>(out, inner, middle);
  }
  return outer;
}
