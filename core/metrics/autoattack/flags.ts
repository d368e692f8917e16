/**
 * Signs that a robust accuracy may not mean what it says (fra31/auto-attack, flags_doc.md): some are seen on the model before any attack,
 * others in what the attacks did.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Compiler } from '../../engine/engine';
import { key } from '../../lib/key';
import { type Classifier, compileWith } from '../../models/model';
import type { Seen } from './look';

export const flagIds = [
  'random-logits',
  'probabilities',
  'batch-dependent',
  'zero-gradients',
  'square-beats-gradients',
  'few-classes',
  'changed-budget',
] as const;

export interface Flag {
  readonly id: (typeof flagIds)[number];
  readonly sentence: string;
}

/** Calls that are compared, and how far normalised logits may then lie apart; as in the authors' code. */
const calls = 5;
const apart = 1e-4;
/** How near to a distribution outputs count as one. */
const nearly = 1e-5;
/** Images that are looked at alone as well. */
const alone = 4;
/** Share of the images by which Square may lower the accuracy. */
const squareShare = 0.002;

/** Looks at the model on the first images x [n, h, w, c]: whether its logits are random, probabilities, or depend on the batch. */
export async function modelFlags(engine: Compiler, model: Classifier, x: Tensor4D): Promise<Flag[]> {
  const pass = compileWith(engine, model, (net, inputs: { x: Tensor4D }) => ({ logits: net.logits(inputs.x) }), {
    calls: 1,
  });
  const logitsOf = async (at: Tensor4D): Promise<Float32Array> => {
    const { logits } = pass.run({ x: at }, key(0, 'flags'));
    const values = await logits.data<'float32'>();
    logits.dispose();
    return values.slice();
  };
  try {
    const runs: Float32Array[] = [];
    for (let i = 0; i < calls; i++) runs.push(await logitsOf(x));
    const [first = new Float32Array()] = runs;
    const single: Float32Array[] = [];
    for (let i = 0; i < Math.min(alone, x.shape[0]); i++) {
      const image = tf.slice4d(x, [i, 0, 0, 0], [1, -1, -1, -1]);
      single.push(await logitsOf(image));
      image.dispose();
    }
    return [
      ...randomFlag(runs, model.classes),
      ...probabilityFlag(first, model.classes),
      ...batchFlag(first, single, model.classes),
    ];
  } finally {
    pass.dispose();
  }
}

function randomFlag(runs: readonly Float32Array[], classes: number): Flag[] {
  const [first, ...others] = runs;
  const gap = first ? Math.max(0, ...others.map((run) => furthest(first, run, classes))) : 0;
  if (!(gap > apart)) return [];
  const sentence = `The logits of the same images differ from call to call (by up to ${gap.toPrecision(2)} of their length): the model is random at test time, so use --version rand, which averages gradients.`;
  return [{ id: 'random-logits', sentence }];
}

function probabilityFlag(logits: Float32Array, classes: number): Flag[] {
  const rows = rowsOf(logits, classes);
  const isDistribution = (row: Float32Array) =>
    row.every((p) => p > -nearly && p < 1 + nearly) && Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < nearly;
  if (rows.length === 0 || !rows.every(isDistribution)) return [];
  const sentence =
    'The outputs look like probabilities, not logits: through a softmax the gradients of the attacks vanish, so judge the model without it.';
  return [{ id: 'probabilities', sentence }];
}

function batchFlag(together: Float32Array, single: readonly Float32Array[], classes: number): Flag[] {
  const gaps = single.map((own, i) => furthest(together.subarray(i * classes, (i + 1) * classes), own, classes));
  const gap = Math.max(0, ...gaps);
  if (!(gap > apart)) return [];
  const sentence = `The logits of an image alone and in a batch differ (by up to ${gap.toPrecision(2)} of their length): the images of a batch influence each other, as with batch norm in training mode, and the verdicts hold for these batches alone.`;
  return [{ id: 'batch-dependent', sentence }];
}

/** The largest distance between rows of two tables of logits, each row scaled to length 1. */
function furthest(a: Float32Array, b: Float32Array, classes: number): number {
  const others = rowsOf(b, classes).map(unit);
  const gaps = rowsOf(a, classes).map((row, i) =>
    Math.hypot(...unit(row).map((value, k) => value - (others[i]?.[k] ?? NaN))),
  );
  return Math.max(0, ...gaps);
}
const unit = (row: Float32Array): Float32Array => {
  const length = Math.hypot(...row) + 1e-10;
  return row.map((value) => value / length);
};
const rowsOf = (table: Float32Array, classes: number): Float32Array[] =>
  Array.from({ length: table.length / classes }, (_, i) => table.subarray(i * classes, (i + 1) * classes));

/** Images that are right but where a loss gives no direction at all. */
export function gradientFlags({ right, flatCe, flatDlr }: Omit<Seen, 'predicted'>): Flag[] {
  if (flatCe + flatDlr === 0) return [];
  const share = (count: number) => `${count} (${((100 * count) / right).toFixed(1)} %)`;
  const sentence = `Of ${right} images that are right, the gradient of the cross-entropy is zero on ${share(flatCe)} and that of the DLR loss on ${share(flatDlr)}: gradient attacks cannot move there, so robustness may be overestimated.`;
  return [{ id: 'zero-gradients', sentence }];
}

/** Square, which needs no gradient, lowers the accuracy below that of every attack that has one. */
export function squareFlags(after: readonly { readonly attack: string; readonly robust: number }[]): Flag[] {
  const own = after.find(({ attack }) => attack === 'square');
  const others = after.filter(({ attack }) => attack !== 'square').map(({ robust }) => robust);
  if (!own || others.length === 0) return [];
  const gain = Math.min(...others) - own.robust;
  if (!(gain > squareShare)) return [];
  const sentence = `Square, which uses no gradients, lowers the robust accuracy by ${(100 * gain).toFixed(1)} points: the gradients may be masked, so give Square more queries or adapt an attack to this model.`;
  return [{ id: 'square-beats-gradients', sentence }];
}
