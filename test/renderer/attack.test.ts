/** What the Attack view makes of evaluations: columns, figures, table, plans of the form, outcomes of images, places in the matrix. */
import { describe, expect, it } from 'vitest';
import type { Evaluation, EvaluationCell, EvaluationPlan } from '../../core/contract/areas/evaluations';
import { figureCsv } from '../../core/figures/registry';
import { count, choice, distance, flag } from '../../core/lib/options';
import { nearestPlace, placesOf, scalesOf, valueAt } from '../../renderer/plots/curve/curve';
import { stepped } from '../../renderer/plots/matrix/matrix';
import { attackDetail, attackTitle, columnId, groupsOf, matrixCell, setOf } from '../../renderer/views/attack/columns';
import { commandOf } from '../../renderer/views/attack/command';
import {
  cellTable,
  curveFigure,
  curveSeries,
  matrixFigure,
  namedOf,
  radiusUnit,
} from '../../renderer/views/attack/figures';
import { byOutcome, interval, outcomeOf } from '../../renderer/views/attack/images';
import { cellCount, plansOf, radiusPresets, readRadii } from '../../renderer/views/attack/plan';

const attacks = [
  {
    id: 'pgd',
    title: 'PGD',
    summary: '',
    reference: '',
    options: {
      norm: choice(['linf', 'l2'], 'linf', ''),
      eps: distance('8/255', ''),
      step: distance('2/255', ''),
      steps: count(10, ''),
      restarts: count(1, ''),
      targeted: flag(false, ''),
    },
  },
];
const energies = { clean: { marginal: -5, joint: -4 }, reached: { marginal: -6, joint: -3 } };
const cell = (eps: number, accuracy: number, options: object = {}, images = 100): EvaluationCell => ({
  kind: 'attack',
  attack: 'pgd',
  title: 'PGD',
  eps,
  options: { norm: 'linf', eps, step: eps / 4, steps: 20, restarts: 1, targeted: false, ...options },
  images,
  accuracy,
  ...energies,
});
const plan: EvaluationPlan = {
  model: 'fashion/jeat',
  dataset: 'fashion-mnist-mini',
  side: 'test',
  images: 100,
  batch: 50,
  norm: 'linf',
  eps: [0.1, 0.2],
  attacks: [{ attack: 'pgd', options: {} }],
  seed: 3,
};
const evaluation = (
  id: string,
  cells: readonly EvaluationCell[],
  changes: Partial<EvaluationPlan> = {},
): Evaluation => ({
  id,
  plan: { ...plan, ...changes },
  state: 'done',
  created: '2026-01-01T00:00:00Z',
  engines: ['wasm'],
  images: 100,
  classes: ['a', 'b'],
  cells: [{ kind: 'clean', images: 100, accuracy: 0.9, ...energies }, ...cells],
});
const named = (each: Evaluation, title = each.plan.model) => ({
  evaluation: each,
  title,
  method: 'jeat',
  colour: '#111',
});
const both = [
  evaluation('a', [cell(0.1, 0.5), cell(0.2, 0.25)]),
  evaluation('b', [cell(0.2, 0.3), cell(0.2, 0.1, { restarts: 5 }), cell(0.4, NaN, {}, 0)], { model: 'fashion/at' }),
];

describe('columns', () => {
  it('stand together by attack and options, radii rising, the clean one first', () => {
    const groups = groupsOf(both, attacks);
    expect(
      groups.map(({ title, detail, columns }) => [title, detail, columns.map(({ title: radius }) => radius)]),
    ).toEqual([
      ['Clean', undefined, ['no attack']],
      ['PGD-20', undefined, ['0.1', '0.2', '0.4']],
      ['PGD-20', 'restarts 5', ['0.2']],
    ]);
    const ids = groups.flatMap(({ columns }) => columns.map(({ id }) => id));
    expect(both.flatMap(({ cells }) => cells).every((each) => ids.includes(columnId(each)))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('take a usual step for the same attack, and another step for another', () => {
    expect(columnId(cell(0.2, 0, { step: 0.05 }))).toBe(columnId(cell(0.2, 0)));
    expect(columnId(cell(0.2, 0, { step: 0.01 }))).not.toBe(columnId(cell(0.2, 0)));
    expect(attackDetail(cell(0.2, 0, { step: 0.01 }), attacks)).toBe('step 0.01');
    expect(attackTitle(cell(0.2, 0))).toBe('PGD-20');
  });

  it('say how much of a cell is there', () => {
    const [, , , unfinished] = both[1]?.cells ?? [];
    const of = both[1];
    if (!unfinished || !of) throw new Error('no cell');
    expect(matrixCell({ ...unfinished, images: 25, accuracy: 0.4 }, of)).toEqual({ value: 0.4, share: 0.25 });
    expect(matrixCell(cell(0.1, 0.5), of)).toEqual({ value: 0.5 });
    expect(setOf(of)).toBe('fashion-mnist-mini · test · linf');
  });
});

describe('figures', () => {
  it('start each curve at the clean accuracy, and leave out cells that are not whole', () => {
    const series = curveSeries(
      both.map((each) => named(each)),
      attacks,
    );
    expect(series.map(({ label, points, dash }) => [label, points, dash])).toEqual([
      [
        'fashion/jeat, PGD-20',
        [
          [0, 0.9],
          [0.1, 0.5],
          [0.2, 0.25],
        ],
        undefined,
      ],
      [
        'fashion/at, PGD-20',
        [
          [0, 0.9],
          [0.2, 0.3],
        ],
        undefined,
      ],
      [
        'fashion/at, PGD-20, restarts 5',
        [
          [0, 0.9],
          [0.2, 0.1],
        ],
        '6 4',
      ],
    ]);
  });

  it('export what the screen shows', () => {
    const curve = curveFigure(
      both.map((each) => named(each)),
      attacks,
    );
    expect(figureCsv('robustness-curve', curve).split('\n').slice(0, 4)).toEqual([
      'model,attack,eps (linf),accuracy',
      'fashion/jeat,PGD-20,0,0.9',
      'fashion/jeat,PGD-20,0.1,0.5',
      'fashion/jeat,PGD-20,0.2,0.25',
    ]);
    const matrix = matrixFigure(
      both.map((each) => named(each)),
      attacks,
    );
    expect(matrix.attacks.map(({ title, detail }) => [title, detail])).toEqual([
      ['Clean', undefined],
      ['PGD-20', 'eps 0.1'],
      ['PGD-20', 'eps 0.2'],
      ['PGD-20', 'eps 0.4'],
      ['PGD-20', 'eps 0.2, restarts 5'],
    ]);
    expect(Array.from(matrix.accuracy)).toEqual([0.9, 0.5, 0.25, NaN, NaN, 0.9, NaN, 0.3, NaN, 0.1]);
  });

  it('number a model that was evaluated twice, and keep the colours that are there', () => {
    const once = namedOf(both, 'light', () => 'jeat');
    const twice = namedOf([...both, evaluation('c', [])], 'light', () => 'jeat');
    expect(once.map(({ title }) => title)).toEqual(['fashion/jeat', 'fashion/at']);
    expect(twice.map(({ title }) => title)).toEqual(['fashion/jeat (1)', 'fashion/at', 'fashion/jeat (2)']);
    expect(twice.map(({ colour }) => colour).slice(0, 2)).toEqual(once.map(({ colour }) => colour));
    expect(new Set(twice.map(({ colour }) => colour)).size).toBe(3);
    expect(twice.map(({ method }) => method)).toEqual(['jeat', 'fashion/at', 'fashion/jeat (2)']);
  });

  it('write radii as n/255 only where all are such', () => {
    const levels = evaluation('c', [], { eps: [2 / 255, 8 / 255] });
    expect(radiusUnit([levels])).toEqual({ factor: 255, unit: 'linf, n/255' });
    expect(radiusUnit([levels, ...both])).toEqual({ factor: 1, unit: 'linf' });
  });

  it('have a table of all cells with what they were measured with', () => {
    const lines = cellTable(both).trim().split('\n');
    expect(lines).toHaveLength(1 + 3 + 4);
    expect(lines[1]).toBe(
      'fashion/jeat,fashion-mnist-mini,test,none,linf,0,,100,0.9,-5,-6,-4,-3,3,50,wasm,2026-01-01T00:00:00Z',
    );
    expect(lines.at(-1)).toContain(',0.4,"{""norm"":""linf"",""eps"":0.4');
    expect(lines.at(-1)).not.toContain('NaN');
  });

  it('come with the command that measures a cell again', () => {
    const [first] = both;
    const [, attacked] = first?.cells ?? [];
    if (!first || attacked?.kind !== 'attack') throw new Error('no cell');
    expect(commandOf(first, attacked)).toBe(
      'lowland attack fashion/jeat --attack pgd --data fashion-mnist-mini --split test --n 100 --batch 50 --seed 3 --eps 0.1 ' +
        '--set norm=linf --set step=0.025 --set steps=20 --set restarts=1 --set targeted=false',
    );
  });
});

describe('the form', () => {
  it.each([
    ['8/255, 0.1', [8 / 255, 0.1]],
    ['0.1;0.2 0.3,', [0.1, 0.2, 0.3]],
  ])('reads the radii %s', (text, radii) => expect(readRadii(text)).toEqual({ radii }));
  it.each([
    ['', 'at least one'],
    ['8/0/1', "'8/0/1' is no radius"],
    ['-1', "'-1' is no radius"],
    ['0.1, x', "'x' is no radius"],
    [Array(17).fill('0.1').join(','), 'at most 16'],
  ])("says what is wrong with '%s'", (text, problem) => expect(readRadii(text).problem).toContain(problem));

  it('proposes radii round the customary one', () => {
    expect(radiusPresets(0.1)[1]).toEqual({ label: 'A curve', value: '0.025, 0.05, 0.1, 0.2' });
    for (const { value } of [...radiusPresets(8 / 255), ...radiusPresets(1.5)])
      expect(readRadii(value).problem).toBeUndefined();
  });

  it('makes a plan for each model, with options that the attack knows', () => {
    const form = {
      ...plan,
      models: ['x', 'y'],
      radii: '0.1, 0.2, 0',
      attacks: [{ key: 0, attack: 'pgd', options: { steps: 20, unknown: 1 } }],
    };
    const plans = plansOf(form, attacks);
    expect(plans.map(({ model }) => model)).toEqual(['x', 'y']);
    expect(plans[0]).toMatchObject({
      eps: [0.1, 0.2, 0],
      attacks: [{ attack: 'pgd', options: { steps: 20 } }],
      seed: 3,
    });
    expect(plans[0]?.attacks[0]?.options).not.toHaveProperty('unknown');
    expect(cellCount(form)).toBe(3);
  });
});

describe('images', () => {
  const images = {
    labels: Int32Array.of(0, 0, 1),
    clean: { predicted: Int32Array.of(0, 0, 0), marginal: new Float32Array(3), joint: new Float32Array(3) },
    adversarial: { predicted: Int32Array.of(0, 1, 1), marginal: new Float32Array(3), joint: new Float32Array(3) },
    robust: Uint8Array.of(1, 0, 0),
  };
  it('are fooled, stand, or were wrong already', () => {
    expect(byOutcome(images)).toEqual({ stands: [0], fooled: [1], wrong: [2] });
    expect(outcomeOf(images, 2)).toBe('wrong');
  });
  it('give an interval that is never empty', () => {
    expect(interval(0.5, 100)).toBeCloseTo(0.0961, 3);
    expect(interval(0, 100)).toBeGreaterThan(0.01);
  });
});

describe('places', () => {
  it.each([
    ['ArrowRight', [0, 1]],
    ['ArrowLeft', [0, 0]],
    ['ArrowDown', [1, 0]],
    ['End', [0, 2]],
    ['Enter', undefined],
  ] as const)('%s from the first cell leads to %s', (key, to) => expect(stepped(key, [0, 0], [2, 3])).toEqual(to));
  it('go to the corners with the modifier', () => expect(stepped('End', [0, 0], [2, 3], true)).toEqual([1, 2]));
  it('of curves are where something was measured', () => {
    const series = curveSeries(
      both.map((each) => named(each)),
      attacks,
    );
    expect(placesOf(series)).toEqual([0, 0.1, 0.2]);
    expect([nearestPlace([0, 0.1, 0.2], 0.16), nearestPlace([], 1)]).toEqual([2, -1]);
    expect(valueAt(series[1]?.points ?? [], 0.1)).toBeUndefined();
    const { x, y } = scalesOf(series, { width: 400, height: 300 }, 0.4);
    expect([x(0.4), y(0) > y(1)]).toEqual([384, true]);
  });
});
