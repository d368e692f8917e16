/**
 * The three forms of Auto-PGD in AutoAttack (Croce & Hein 2020): on CE, on the difference-of-logits ratio, and on its targeted form for
 * one wrong class after the other.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { crossEntropy } from '../energy/energy';
import { AppError } from '../lib/errors';
import { type Values, count, flag, real } from '../lib/options';
import { apgdGeometries } from './apgd-geometry';
import { apgdL1Walk } from './apgd-l1';
import type { ApgdTask } from './apgd-look';
import { apgdWalk } from './apgd-walk';
import { anyBallOptions } from './climb';
import { dlr, targetedDlr } from './losses';
import { defineWalk } from './walk';

const options = {
  ...anyBallOptions,
  steps: count(100, 'Steps of a restart.', { min: 1, max: 100_000, unit: 'steps' }),
  restarts: count(1, 'Restarts, each on the images that still stand.', { min: 1, max: 1000 }),
  rho: real(0.75, 'The step is halved where fewer than this share of an interval’s steps raised the loss.', {
    min: 0,
    max: 1,
  }),
  wideStart: flag(false, 'In l1: first through the balls of 3 and 2 times the radius, for .3 of the steps each.'),
  eot: count(1, 'Gradients averaged a step, for models that are random at test time.', { min: 1, max: 1000 }),
};
const reference = 'arXiv 2003.01690';

/** By norm: the walk of 2020, or the one of 2021 in l1. */
const walkOf = (
  { norm, steps, eps, eot, rho, wideStart }: Values<typeof options>,
  task: Pick<ApgdTask, 'rounds' | 'loss' | 'aims'>,
) =>
  norm === 'l1'
    ? apgdL1Walk({ ...task, steps, eps, eot, wideStart })
    : apgdWalk({ ...task, steps, eps, eot, rho, geometry: apgdGeometries[norm] });

/** Aims at nothing: the label itself stands for it. */
const untargeted: Pick<ApgdTask, 'aims'> = { aims: (_clean, y) => tf.clone(y) };

export const apgdCe = defineWalk({
  id: 'apgd-ce',
  title: 'APGD-CE',
  summary: 'Auto-PGD on the cross-entropy.',
  reference,
  options,
  walk: (given) =>
    walkOf(given, {
      ...untargeted,
      rounds: given.restarts,
      loss: (y) => (logits) => crossEntropy(logits, y),
    }),
});

export const apgdDlr = defineWalk({
  id: 'apgd-dlr',
  title: 'APGD-DLR',
  summary: 'Auto-PGD on the difference-of-logits ratio, which no scaling of the logits changes.',
  reference,
  options,
  walk: (given, { classes }) => {
    enoughClasses('APGD-DLR', classes, 3);
    return walkOf(given, {
      ...untargeted,
      rounds: given.restarts,
      loss: (y) => (logits) => dlr(logits, y),
    });
  },
});

export const apgdT = defineWalk({
  id: 'apgd-t',
  title: 'APGD-T',
  summary: 'Auto-PGD towards each of the likeliest wrong classes in turn.',
  reference,
  options: {
    ...options,
    targets: count(9, 'Wrong classes that are aimed at, the likeliest first; at most all of them.', {
      min: 1,
      max: 999,
    }),
  },
  walk: (given, { classes }) => {
    const { restarts, targets } = given;
    enoughClasses('APGD-T', classes, 4);
    const aimed = Math.min(targets, classes - 1);
    return walkOf(given, {
      rounds: aimed * restarts,
      loss: (y, aim) => (logits) => targetedDlr(logits, y, aim),
      aims: (clean: Tensor2D, _y: Tensor1D, round) => {
        const ranked = tf.topk(clean, aimed + 1).indices;
        const rank = tf.add(tf.floorDiv(round, tf.scalar(restarts, 'int32')), tf.scalar(1, 'int32'));
        return tf.reshape(tf.gather(ranked, tf.reshape(tf.cast(rank, 'int32'), [1]), 1), [-1]);
      },
    });
  },
});

function enoughClasses(attack: string, classes: number, needed: number): void {
  if (classes < needed)
    throw new AppError(
      'BAD_OPTION',
      `${attack} needs at least ${needed} classes; this model has ${classes}.`,
      'Use apgd-ce.',
    );
}
