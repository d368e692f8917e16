/** What the Datasets view shows: orders, filters, scores as they come in, energies from logits, options of attacks, names of files. */
import { describe, expect, it } from 'vitest';
import { chosenOptions, usualOptions } from '../../renderer/views/datasets/attack-options';
import { energiesOf, leading } from '../../renderer/views/datasets/energies';
import { chosenFiles, nameFor } from '../../renderer/views/datasets/files';
import { fits, labelOf, modelOptions, shortNames, usualModels } from '../../renderer/views/datasets/models.svelte';
import { type Arrangement, arrange, isSame } from '../../renderer/views/datasets/order';
import { addBatch, emptyScores, marksOf, summaryOf } from '../../renderer/views/datasets/scores';
import { count, distance, choice } from '../../core/lib/options';

const labels = Int32Array.of(0, 1, 0, 1, 2, 0);
const names = ['cat', 'dog', 'ox'];
const plain: Arrangement = {
  classes: new Set(),
  verdicts: new Set(),
  sort: 'index',
  descending: false,
  grouped: false,
};
const scored = () => {
  const scores = emptyScores('m', labels.length, 5, 'pgd');
  addBatch(scores, {
    from: 0,
    total: 5,
    predicted: Int32Array.of(0, 0, 0),
    crossEntropy: Float32Array.of(0.5, 2, 0.1),
    marginal: Float32Array.of(-3, -1, -2),
    joint: Float32Array.of(-2.5, 1, -1.9),
    robust: Uint8Array.of(1, 0, 0),
  });
  addBatch(scores, {
    from: 3,
    total: 5,
    predicted: Int32Array.of(1, 0),
    crossEntropy: Float32Array.of(0.3, 4),
    marginal: Float32Array.of(-5, -4),
    joint: Float32Array.of(-4.7, 0),
    robust: Uint8Array.of(1, 0),
  });
  return scores;
};
const orderOf = (change: Partial<Arrangement>, scores = scored()) =>
  Array.from(arrange(labels, names, { ...plain, ...change }, scores).order);

describe('the order', () => {
  it('is that of the split, or backwards', () => {
    expect(orderOf({})).toEqual([0, 1, 2, 3, 4, 5]);
    expect(orderOf({ descending: true })).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it('by score puts what has none last, whatever the direction', () => {
    expect(orderOf({ sort: 'loss' })).toEqual([2, 3, 0, 1, 4, 5]);
    expect(orderOf({ sort: 'loss', descending: true })).toEqual([4, 1, 0, 3, 2, 5]);
    expect(orderOf({ sort: 'marginal' })).toEqual([3, 4, 0, 2, 1, 5]);
    expect(orderOf({ sort: 'prediction' })).toEqual([0, 1, 2, 4, 3, 5]);
    expect(orderOf({ sort: 'label' })).toEqual([0, 2, 5, 1, 3, 4]);
  });

  it('keeps to the classes and verdicts that are chosen', () => {
    expect(orderOf({ classes: new Set([0, 2]) })).toEqual([0, 2, 4, 5]);
    expect(orderOf({ verdicts: new Set(['wrong'] as const) })).toEqual([1, 4]);
    expect(orderOf({ verdicts: new Set(['robust'] as const) })).toEqual([0, 3]);
    expect(orderOf({ verdicts: new Set(['fooled', 'wrong'] as const) })).toEqual([1, 2, 4]);
    expect(Array.from(arrange(labels, names, { ...plain, verdicts: new Set(['right'] as const) }).order)).toEqual([]);
  });

  it('has a heading for each class that is there', () => {
    const { order, sections } = arrange(labels, names, { ...plain, classes: new Set([0, 2]), grouped: true });
    expect(sections).toEqual([
      { title: 'cat', count: 3 },
      { title: 'ox', count: 1 },
    ]);
    expect(Array.from(order)).toEqual([0, 2, 5, 4]);
  });

  it('is told apart from another', () => {
    const [one, same, other] = [{}, {}, { descending: true }].map((change) =>
      arrange(labels, names, { ...plain, ...change }),
    );
    if (!one || !same || !other) throw new Error('three orders');
    expect(isSame(one, same)).toBe(true);
    expect(isSame(one, other)).toBe(false);
  });
});

describe('scores', () => {
  it('mark the wrong and the fooled, and count them', () => {
    const scores = scored();
    expect(scores.done).toBe(5);
    expect(Array.from(marksOf(scores, labels))).toEqual([0, 1, 2, 0, 1, 0]);
    expect(summaryOf(scores, labels)).toEqual({ scored: 5, right: 3, attacked: 5, robust: 2 });
  });
});

describe('energies', () => {
  it('follow from logits, also from large ones', () => {
    const { marginal, joint, probability, predicted } = energiesOf([1, 3, 2]);
    expect(marginal).toBeCloseTo(-Math.log(Math.E + Math.E ** 3 + Math.E ** 2), 10);
    expect(joint).toEqual([-1, -3, -2]);
    expect(predicted).toBe(1);
    expect(probability.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(probability[2]).toBeCloseTo(Math.exp(marginal + 2), 12);
    expect(energiesOf([5000, 4990]).marginal).toBeCloseTo(-5000, 3);
  });

  it('show the leading classes and always the true one', () => {
    const energies = energiesOf([5, 1, 4, 3, 2]);
    expect(leading(energies, 1, 3)).toEqual([0, 2, 1]);
    expect(leading(energies, 0, 3)).toEqual([0, 2, 3]);
  });
});

describe('options of an attack', () => {
  const schema = {
    eps: distance('8/255', ''),
    step: distance('2/255', ''),
    steps: count(10, ''),
    norm: choice(['linf', 'l2'], 'linf', ''),
  };
  const budgets = { linf: 0.1, l2: 1.5, l1: 10 };

  it('are the customary ones of the images', () => {
    expect(usualOptions(schema, {}, budgets)).toEqual({ eps: 0.1, step: 0.025 });
    expect(usualOptions(schema, { norm: 'l2' }, budgets)).toEqual({ eps: 1.5, step: 0.375 });
    expect(usualOptions(schema, { norm: 'l1' }, budgets)).toEqual({ eps: 10, step: 2.5 });
    expect(usualOptions(schema, { eps: 0.2 }, budgets)).toEqual({ eps: 0.1, step: 0.05 });
    expect(usualOptions({ steps: count(3, '') }, {}, budgets)).toEqual({});
  });

  it('are sent as they were chosen, without those of another attack', () => {
    expect(chosenOptions(schema, { steps: 4, decay: 1 })).toEqual({ steps: 4 });
  });
});

describe('models', () => {
  const rows = ['at', 'jeat', 'natural'].map((method) => ({
    name: `fashion/${method}`,
    source: 'embedded' as const,
    card: { name: method, dataset: 'fashion-mnist', preset: `fashion/${method}` },
  }));
  const other = { name: 'cifar10/x', source: 'embedded' as const, card: { name: 'x', dataset: 'cifar10' } };

  it('fit their dataset and its smaller one', () => {
    expect(rows.every((row) => fits(row, 'fashion-mnist-mini') && fits(row, 'fashion-mnist'))).toBe(true);
    expect(fits(other, 'fashion-mnist')).toBe(false);
    expect(fits({ name: 'broken', source: 'imported', problem: 'damaged' }, '')).toBe(false);
  });

  it('are offered in groups, with the chosen one always', () => {
    const options = modelOptions([...rows, other], 'fashion-mnist', 'run-7');
    expect(options.map(({ value }) => value)).toEqual(['run-7', ...rows.map(({ name }) => name), 'cifar10/x']);
  });

  it('begin with those that differ most', () => {
    expect(usualModels(rows, 'fashion-mnist-mini')).toEqual(['fashion/natural', 'fashion/jeat']);
    expect(usualModels(rows.slice(0, 2), 'fashion-mnist')).toEqual(['fashion/at', 'fashion/jeat']);
  });
});

describe('files of one’s own', () => {
  const file = (name: string, path = '') =>
    Object.defineProperty(new File(['x'], name), 'webkitRelativePath', { value: path });

  it('give the dataset a name', () => {
    expect(nameFor(chosenFiles([file('a.png', 'My Pets/cat/a.png')]))).toBe('my-pets');
    expect(nameFor(chosenFiles([file('digits.npz')]))).toBe('digits');
    expect(nameFor(chosenFiles([file('cifar-10-python.tar.gz')]))).toBe('cifar-10-python');
  });

  it('leave hidden ones out, and say when nothing is left', () => {
    expect(chosenFiles([file('.DS_Store', 'pets/.DS_Store'), file('a.png', 'pets/cat/a.png')])).toHaveLength(1);
    expect(() => chosenFiles([file('.hidden')])).toThrow('There is no file');
  });
});

it('names models by as little as tells them apart, and runs by their folder', () => {
  const names = ['fashion/at', 'fashion/jeat', '/data/runs/at', 'C:\\data\\runs\\other'];
  expect([...shortNames(names).values()]).toEqual(['fashion/at', 'jeat', 'runs/at', 'other']);
  expect(labelOf({ name: '/data/runs/at', source: 'run' })).toBe('at (run)');
  expect(labelOf({ name: 'fashion/at', source: 'embedded' })).toBe('fashion/at');
});
