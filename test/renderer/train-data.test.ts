/** What the Train view is made of: logs that grow and go back, charts of them, lists of runs, forms, pictures. */
import { describe, expect, it } from 'vitest';
import type { Catalogue, ResolvedConfiguration } from '../../core/contract/areas/catalogue';
import type { Job } from '../../core/contract/areas/jobs';
import type { RunEvents, RunRow } from '../../core/contract/areas/runs';
import { figureRegistry } from '../../core/figures/registry';
import { count, distance } from '../../core/lib/options';
import { chartFigure, chartTable } from '../../renderer/plots/chart/figure';
import { imageAt, stepsOf, tracksOf } from '../../renderer/plots/timeline/steps';
import { Pictures } from '../../renderer/plots/timeline/pictures';
import { chartsOf, fullRange } from '../../renderer/views/train/data/curves';
import { logLine } from '../../renderer/views/train/data/log-lines';
import { found, listed, waiting } from '../../renderer/views/train/data/rows.svelte';
import { RunLog } from '../../renderer/views/train/data/run-log';
import { History } from '../../renderer/views/train/form/history';
import { asTexts, overridesOf, presetFile } from '../../renderer/views/train/form/overrides';

type Events = RunEvents['events'];

/** Steps from..to with seqs from `seq` on, one second each. */
function steps(from: number, to: number, seq: number, t = seq * 1000, loss = (step: number) => 1 / step): RunEvents {
  const n = to - from + 1;
  const at = (value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));
  return {
    seq: seq + n - 1,
    steps: {
      seq: Uint32Array.from(at((i) => seq + i)),
      t: Float64Array.from(at((i) => t + i * 1000)),
      step: Uint32Array.from(at((i) => from + i)),
      epoch: Float64Array.from(at((i) => (from + i) / 10)),
      values: { loss: Float32Array.from(at((i) => loss(from + i))) },
    },
    events: [],
    superseded: [],
  };
}
const others = (events: Events, superseded: RunEvents['superseded'] = []): RunEvents => ({
  ...steps(1, 0, 0),
  seq: events.at(-1)?.seq ?? -1,
  events,
  superseded,
});

describe('a log', () => {
  it('grows as columns, with evaluations at their epoch and time', () => {
    const log = new RunLog();
    log.take(steps(1, 4, 0));
    log.take(others([{ kind: 'evaluation', step: 4, seq: 4, t: 4000, 'accuracy.robust': 0.5 }]));
    expect([...log.steps.step.values]).toEqual([1, 2, 3, 4]);
    expect([...log.steps.time.values]).toEqual([0, 1, 2, 3]);
    expect([...log.evaluations.epoch.values].map((epoch) => epoch.toFixed(3))).toEqual(['0.400']);
    expect(log.seq).toBe(4);
    log.take(steps(1, 4, 0));
    expect(log.steps.length).toBe(4);
  });

  it('moves what a resume went back before aside, and leaves pauses out of the time', () => {
    const log = new RunLog();
    log.take(steps(1, 6, 0));
    const hour = 3_600_000;
    const resume = { kind: 'resume', step: 2, seq: 6, t: hour, reason: 'resumed', supersedes: [2, 5] };
    log.take(others([resume], [[2, 5]]));
    log.take(steps(3, 5, 7, hour + 1000, () => 9));
    expect([...log.steps.step.values]).toEqual([1, 2, 3, 4, 5]);
    expect([...(log.steps.quantities.get('loss')?.values.values ?? [])].slice(2)).toEqual([9, 9, 9]);
    expect([...log.steps.time.values]).toEqual([0, 1, 6, 7, 8]);
    const [old] = log.steps.superseded;
    expect([...(old?.step.values ?? [])]).toEqual([3, 4, 5, 6]);
    expect(log.isSuperseded(resume)).toBe(false);
    expect(log.isSuperseded({ ...resume, kind: 'evaluation', seq: 3 })).toBe(true);
  });

  it('has gaps where a quantity begins late or stops, and does not go back with the clock', () => {
    const log = new RunLog();
    log.take(steps(1, 2, 0));
    const late = steps(3, 4, 2);
    log.take({
      ...late,
      steps: { ...late.steps, t: Float64Array.of(100, 200), values: { ce: Float32Array.of(5, 6) } },
    });
    expect([...(log.steps.quantities.get('ce')?.values.values ?? [])]).toEqual([NaN, NaN, 5, 6]);
    expect([...(log.steps.quantities.get('loss')?.values.values ?? [])]).toEqual([1, 0.5, NaN, NaN]);
    expect([...log.steps.time.values]).toEqual([0, 1, 1, 1]);
  });

  it('is read as lines', () => {
    const at = { step: 1200, seq: 1, t: 1 };
    const line = (event: Events[number]) => logLine(event)?.text;
    expect(line({ ...at, kind: 'evaluation', 'accuracy.clean': 0.5, 'accuracy.robust': 0.25 })).toMatch(
      /clean 50\.0.%, robust 25\.0.%/,
    );
    expect(line({ ...at, kind: 'guard', badStep: 1300, reason: 'loss is NaN', attempt: 1 })).toMatch(
      /Guard.*loss is NaN/,
    );
    expect(line({ ...at, kind: 'resume', reason: 'guard: loss is NaN' })).toBeUndefined();
    expect(line({ ...at, kind: 'novel', what: 'thing' })).toBe('novel: what thing');
  });
});

describe('charts', () => {
  const shown = (run: string, objective: string, ...pieces: RunEvents[]) => {
    const log = new RunLog();
    for (const piece of pieces) log.take(piece);
    return { run, label: run, objective, log };
  };
  const withCe = (piece: RunEvents): RunEvents => ({
    ...piece,
    steps: { ...piece.steps, values: { ...piece.steps.values, ce: piece.steps.epoch as unknown as Float32Array } },
  });

  it('show the terms of one run together, named by its objective', () => {
    const charts = chartsOf([shown('a', 'natural', withCe(steps(1, 3, 0)))], 'step', 'light');
    expect(charts.map(({ title, curves }) => [title, curves.map(({ label }) => label)])).toEqual([
      ['Loss and its terms', ['Loss', 'CE at clean images']],
    ]);
  });

  it('lay several runs over each other, a colour for each method and a dash for each run of it', () => {
    const runs = [
      shown('a', 'jeat', steps(1, 3, 0)),
      shown('b', 'jeat', steps(1, 9, 0)),
      shown('c', 'natural', steps(1, 3, 0)),
    ];
    const [chart, ...more] = chartsOf(runs, 'epoch', 'light');
    expect(more).toEqual([]);
    expect(chart?.curves.map(({ label, colour }) => [label, colour])).toEqual([
      ['a', '#009e73'],
      ['b', '#009e73'],
      ['c', '#0072b2'],
    ]);
    expect(chart?.curves[0]?.dash).not.toEqual(chart?.curves[1]?.dash);
    expect(fullRange(chart ? [chart] : [])).toEqual([0.1, 0.9]);
  });

  it('are exported as they are seen: range, smoothing, superseded points; and as a table of all points', () => {
    const resume = { kind: 'resume', step: 2, seq: 4, t: 5000, supersedes: [2, 3] };
    const run = shown('a', 'jeat', steps(1, 4, 0), others([resume], [[2, 3]]), steps(3, 9, 5));
    const [chart] = chartsOf([run], 'step', 'light');
    const words = { title: 'Loss', xLabel: 'step', yLabel: 'nats' };
    const data = chartFigure(words, chart?.curves ?? [], [2, 6], { span: 5, log: false, trim: false });
    expect(
      data.series.map(({ superseded, faint, x }) => [superseded ?? false, faint ?? false, [...Array.from(x)]]),
    ).toEqual([
      [true, false, [3, 4]],
      [false, true, [2, 3, 4, 5, 6]],
      [false, false, [2, 3, 4, 5, 6]],
    ]);
    expect(data.yDomain?.[0]).toBeLessThan(1 / 6);
    const figure = figureRegistry.get('line-chart').open({ ...data });
    expect(figure.svg('light')).toContain('superseded');
    expect(figure.csv().split('\n').length).toBeGreaterThan(5);
    const table = chartTable(words, chart?.curves ?? [], [2, 4]);
    expect(table.trim().split('\n')).toEqual([
      'curve,step,nats,superseded',
      'Loss,2,0.5,no',
      `Loss,3,${Math.fround(1 / 3)},no`,
      'Loss,4,0.25,no',
      `Loss,3,${Math.fround(1 / 3)},yes`,
      'Loss,4,0.25,yes',
    ]);
  });
});

describe('the list of runs', () => {
  const row = (run: string, more: Partial<RunRow> = {}): RunRow => ({ run, state: 'done', kind: 'train', ...more });
  const job = (id: string, more: Partial<Job>): Job => ({
    id,
    request: { kind: 'resume', run: 'x' },
    kind: 'train',
    title: id,
    state: 'running',
    priority: 0,
    notes: [],
    created: 0,
    ...more,
  });

  it('has pinned runs first, then the newest, each with its job', () => {
    const rows = [
      row('old', { created: '2026-01-01' }),
      row('new', { created: '2026-02-01', state: 'stopped' }),
      row('kept', { created: '2025-01-01' }),
      row('other', { kind: 'evaluation' }),
    ];
    const jobs = [
      job('1', { target: 'new', state: 'paused' }),
      job('2', { state: 'queued' }),
      job('3', { kind: 'evaluate', state: 'queued' }),
    ];
    const runs = listed(rows, jobs, ['kept']);
    expect(runs.map(({ run, state }) => [run, state])).toEqual([
      ['kept', 'done'],
      ['new', 'paused'],
      ['old', 'done'],
    ]);
    expect(waiting(jobs).map(({ id }) => id)).toEqual(['2']);
  });

  it('is searched by all words', () => {
    const [run] = listed([row('a', { objective: 'jeat', dataset: 'cifar10', seed: 3 })], [], []);
    for (const [search, hit] of [
      ['', true],
      ['jeat cifar', true],
      ['SEED 3', true],
      ['jeat mnist', false],
    ] as const)
      expect(run && found(run, search)).toBe(hit);
  });
});

describe('a form', () => {
  const entry = (id: string, options: Catalogue['training']) => ({
    id,
    title: id,
    summary: '',
    reference: '',
    options,
  });
  const catalogue: Catalogue = {
    presets: [],
    parts: {
      model: [entry('net', { width: count(4, 'Width.') })],
      objective: [entry('at', { eps: distance('8/255', 'Radius.') }), entry('plain', {})],
      optimiser: [entry('sgd', {})],
      schedule: [entry('constant', {})],
    },
    training: { epochs: count(1, 'Epochs.'), batch: count(64, 'Batch.') },
    attacks: [],
    samplers: [],
    transforms: [],
    starts: [],
  };
  const base: ResolvedConfiguration = {
    name: 'p',
    dataset: 'd',
    model: { id: 'net', options: { width: 8 } },
    objective: { id: 'plain', options: {} },
    optimiser: { id: 'sgd', options: {} },
    schedule: { id: 'constant', options: {} },
    training: { epochs: 2, batch: 64 },
    seed: 0,
  };

  it('says what a run changes in its preset, as --set takes it', () => {
    const run = {
      ...base,
      dataset: 'e',
      objective: { id: 'at', options: { eps: 0.5, gone: 1 } },
      model: { id: 'net', options: { width: 8 } },
      training: { epochs: 2, batch: 32 },
    };
    const overrides = overridesOf(catalogue, base, run);
    expect(asTexts(overrides)).toEqual({ dataset: 'e', objective: 'at', 'objective.eps': '0.5', batch: '32' });
    expect(overridesOf(catalogue, base, base)).toEqual({});
  });

  it('is written as a preset file', () => {
    expect(JSON.parse(presetFile(base, 'Mine'))).toMatchObject({
      title: 'Mine',
      dataset: 'd',
      model: { id: 'net', options: { width: 8 } },
      training: { batch: 64 },
    });
  });

  it('goes back and forth; typing is one change, and a new change drops what was undone', () => {
    let now = 0;
    const history = new History('a', () => now);
    history.add('ab', 'name');
    now = 500;
    history.add('abc', 'name');
    now = 5000;
    history.add('x', 'seed');
    expect([history.undo(), history.undo(), history.undo()]).toEqual(['abc', 'a', undefined]);
    expect(history.redo()).toBe('abc');
    history.add('y', 'seed');
    expect(history.canRedo).toBe(false);
    expect(history.undo()).toBe('abc');
  });
});

describe('pictures', () => {
  const image = (run: string, kind: string, step: number) => ({ run, kind, step, name: `${kind}-${step}.png` });
  const images = [
    image('a', 'zeta', 5),
    image('a', 'buffer', 20),
    image('a', 'samples', 20),
    image('b', 'samples', 10),
    image('a', 'samples', 10),
  ];

  it('stand in tracks, samples first, and each track shows its newest up to the step', () => {
    const tracks = tracksOf(images);
    expect(tracks.map(({ kind, run }) => `${kind} ${run}`)).toEqual(['samples a', 'samples b', 'buffer a', 'zeta a']);
    expect(stepsOf(images)).toEqual([5, 10, 20]);
    expect([5, 10, 19, 99].map((step) => tracks[0] && imageAt(tracks[0], step)?.step)).toEqual([10, 10, 10, 20]);
  });

  it('are fetched once, and again after a failure', async () => {
    let asked = 0;
    URL.createObjectURL = () => `blob:${asked}`;
    URL.revokeObjectURL = () => undefined;
    const pictures = new Pictures(async () => {
      if (asked++ === 0) throw new Error('lost');
      return new Uint8Array(1);
    });
    await expect(pictures.of('a', 'x.png')).rejects.toThrow('lost');
    expect(await pictures.of('a', 'x.png')).toBe('blob:2');
    expect(await pictures.of('a', 'x.png')).toBe('blob:2');
    expect(asked).toBe(2);
  });
});
