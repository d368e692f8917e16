/**
 * Momentum iterative FGSM (Dong et al. 2018, eq. 6-7): m <- decay * m + g / ||g||_1, then a step along sign(m), or m / ||m||_2 in
 * the l2 ball.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { real } from '../lib/options';
import { defineClimb, lossOptions, startOption, walkOptions } from './climb';
import { climbed } from './losses';
import { ascend, meanSize, project } from './perturb';

export const mifgsm = defineClimb({
  id: 'mifgsm',
  title: 'MI-FGSM',
  summary: 'PGD along an accumulated gradient.',
  reference: 'arXiv 1710.06081',
  options: {
    ...walkOptions,
    decay: real(1, 'Decay of the accumulated gradient.', { min: 0, max: 10 }),
    randomStart: startOption(false),
    ...lossOptions,
  },
  climbing: (model, x, y, options) => {
    const { norm, eps, step, decay } = options;
    return {
      ...options,
      value: climbed(model, x, y, options),
      move(at, gradient, last) {
        const fresh = tf.div<Tensor4D>(gradient, meanSize(gradient));
        const momentum = last ? tf.add<Tensor4D>(tf.mul(last, decay), fresh) : fresh;
        return { at: project(x, ascend(at, momentum, norm, step), norm, eps), momentum };
      },
    };
  },
});
