/** The bench's pure parts: its command line, plan, arithmetic, interleaving, and what it makes of workers' answers. No time is asserted. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/lib/errors';
import { parameterCount } from '../../core/models/model';
import { readArguments } from './arguments';
import { runBench } from './bench';
import { interleave } from './interleave';
import { benchNet, forwardGflop } from './nets';
import { type Bench, type Peer, openPeer } from './peer';
import { gflop, planCases } from './plan';
import { primitiveOf, profile, profileTable } from './profile';
import { rowSchema, tableOf } from './rows';
import { median } from './statistics';
import * as v from 'valibot';

describe('the command line', () => {
  it.each([
    [['--rounds', '0'], /--rounds has '0'/],
    [['--batches', '8,x'], /--batches has 'x'/],
    [['--engines', 'torch'], /--engines has 'torch'; known are/],
    [['--precisions', 'float16'], /--precisions has 'float16'/],
    [['--models', 'vgg'], /no model 'vgg'/],
    [['--models', ','], /--models is empty/],
    [['--against', 'jax'], /--against is 'jax'/],
    [['--only', 'pgd'], /--only is 'pgd'/],
    [['--bogus'], /Unknown option '--bogus'\.$/],
  ])('refuses %j in one sentence, with exit code 2', (given, sentence) => {
    const refuse = () => readArguments(given);
    expect(refuse).toThrow(sentence);
    expect(refuse).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('takes lists', () => {
    const { models, batches, engines } = readArguments(['--models', 'wrn-10-1, convnet', '--batches', '4,4', '--against', 'pytorch']); // prettier-ignore
    expect(readArguments(['--only', 'autoattack', '--rounds', '2'])).toMatchObject({ only: 'autoattack', models: ['resnet2b'], batches: [100], rounds: 2, engines: ['tensorflow'] }); // prettier-ignore
    expect({ models, batches, engines }).toEqual({ models: ['wrn-10-1', 'convnet'], batches: [4], engines: ['tensorflow'] }); // prettier-ignore
  });
});

it.each([
  [[3], 3],
  [[5, 1, 2], 2],
  [[4, 1, 2, 100], 3],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});

// multiply-adds as published: 5.2 G (Zagoruyko & Komodakis 2016) and 0.56 G (pytorch-cifar); the convnet's by hand
it.each([
  ['wrn-16-2', 0.202],
  ['wrn-28-10', 10.5],
  ['resnet-18', 1.11],
  ['convnet', 0.00802],
])('a forward pass of %s is %d GFLOP an image', (name, expected) => {
  expect(forwardGflop(benchNet(name)) / expected).toBeCloseTo(1, 2);
});

it('counts thirteen passes in a PGD-5 step', () => {
  const settings = readArguments(['--models', 'wrn-16-2', '--batches', '64', '--quick', '--against', 'pytorch']);
  const step = planCases(settings).find(({ name }) => name === 'step pgd-at');
  expect(step && gflop(step)).toBeCloseTo(13 * 64 * forwardGflop(benchNet('wrn-16-2')), 6);
});

describe('interleaving', () => {
  const contender = (side: 'ours' | 'theirs', ms: number, log: string[], name: string) => ({
    side,
    warmUps: 2,
    ask: (round: number) => (log.push(`${name}${round}`), Promise.resolve({ ms, rss_mb: 1 })),
  });

  it('warms up each alone, then takes turns, without the slow layout', async () => {
    const log: string[] = [];
    const all = [contender('ours', 9, log, 'a'), contender('theirs', 5, log, 'b'), contender('theirs', 7, log, 'c')];
    const samples = await interleave(all, { rounds: 2 });
    expect(log.join(' ')).toBe('a0 a1 b0 b1 c0 c1 a2 b2 a3 b3');
    expect(all.map((each) => samples.get(each)?.length)).toEqual([2, 2, 0]);
  });

  it('stops after two rounds when the time is up', async () => {
    let clock = 0;
    const only = [contender('ours', 1, [], 'a')];
    const samples = await interleave(only, { rounds: 9, until: 0 }, () => clock++);
    expect(samples.get(only[0] ?? contender('ours', 0, [], ''))).toHaveLength(2);
  });
});

/** Workers without work: ours takes 10 ms and fails at JEAT, PyTorch 20 ms, or 30 in contiguous layout. */
const fakes = (said: string[], torch = true): Bench => ({
  say: (sentence) => void said.push(sentence),
  open: ([, ...args]): Promise<Peer> => {
    const theirs = args.some((arg) => arg.endsWith('worker.py'));
    if (theirs && !torch) return Promise.reject(new AppError('FAILED', 'PyTorch cannot be imported: none.'));
    return Promise.resolve({
      greeting: { version: theirs ? 'theirs' : 'ours', precisions: ['float32'] },
      ask: ({ case: each, layout }) => {
        if (!theirs && each.objective === 'jeat') return Promise.reject(new AppError('FAILED', 'no memory'));
        return Promise.resolve({ ms: !theirs ? 10 : layout === 'contiguous' ? 30 : 20, rss_mb: theirs ? 700 : 500 });
      },
      close: () => undefined,
    });
  },
});

describe('a run with fake workers', () => {
  const settings = readArguments(['--quick', '--json', '--against', 'pytorch', '--models', 'wrn-16-2']);
  const run = async (bench: Bench, how = settings) => {
    const rows = [];
    for await (const row of runBench(how, bench)) rows.push(row);
    return rows;
  };

  it('counts the faster of both layouts, where it has the time', async () => {
    const whole = readArguments(['--against', 'pytorch', '--models', 'resnet-18', '--precisions', 'float32']);
    const layouts = new Set<string | undefined>();
    const bench = fakes([]);
    const open: Bench['open'] = async (...given) => {
      const peer = await bench.open(...given);
      return { ...peer, ask: (request) => (layouts.add(request.layout), peer.ask(request)) };
    };
    const rows = await run({ ...bench, open }, whole);
    expect(layouts).toEqual(new Set([undefined, 'channels_last', 'contiguous']));
    expect(rows.find(({ model }) => model === 'resnet-18')).toMatchObject({
      theirs_ms: 20,
      theirs_layout: 'channels_last',
    });
  });

  it('gives rows with ratio, both memories and the faster layout; tells what it leaves out', async () => {
    const said: string[] = [];
    const rows = await run(fakes(said));
    expect(v.parse(v.array(rowSchema), JSON.parse(JSON.stringify(rows)))).toHaveLength(rows.length);
    expect(rows.map(({ name, batch }) => `${name} ${batch}`)).toEqual([
      'step pgd-at 8',
      'step pgd-at 64',
      'sgld-20 100',
    ]);
    expect(rows[0]).toMatchObject({ ours_ms: 10, theirs_ms: 20, ratio: 0.5, ours_rss_mb: 500, theirs_rss_mb: 700, theirs_layout: 'channels_last' }); // prettier-ignore
    expect(rows[0]?.peak_gflops).toBeCloseTo((2 * 2.048 ** 3) / 0.01, 0);
    expect(said).toContain('tensorflow does not compute in bfloat16.');
    expect(said).toContain('step jeat of wrn-16-2 at batch 64 on tensorflow in float32 is left out: no memory');
    expect(tableOf(rows).split('\n')).toHaveLength(rows.length + 1);
  });

  it('times ours alone where there is no PyTorch, and says so once', async () => {
    const said: string[] = [];
    const rows = await run(fakes(said, false));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.ratio === undefined)).toBe(true);
    expect(
      said.filter((sentence) => /comparison with PyTorch is left out.*LOWLAND_PYTHON/.test(sentence)),
    ).toHaveLength(1);
  });
});

it('tells when a worker ends or does not start', async () => {
  await expect(openPeer([process.execPath, '-e', 'process.exit(3)'])).rejects.toThrow(/ended with 3/);
  await expect(openPeer(['/nowhere/python'])).rejects.toThrow(/did not start/);
  await expect(openPeer([process.execPath, '-e', 'console.log(JSON.stringify({ error: "no" }))'])).rejects.toThrow(
    /^no$/,
  );
});

it('has reference nets with as many weights as ours (counted by pytorch/weights.py)', () => {
  const file = new URL('../fixtures/bench/weights.json', import.meta.url);
  const counts = v.parse(v.record(v.string(), v.number()), JSON.parse(readFileSync(file, 'utf8')));
  for (const [name, count] of Object.entries(counts))
    expect([name, parameterCount(benchNet(name))]).toEqual([name, count]);
});

describe('a profile', () => {
  it('reads the log of oneDNN', () => {
    const line = 'onednn_verbose,v1,primitive,exec,cpu,convolution,brgconv:avx512_core,backward_weights,src:f32::blocked:acdb::f0,attr-scratchpad:user,alg:convolution_direct,mb4_ic16,0.25'; // prettier-ignore
    expect(primitiveOf(line)).toEqual({ kind: 'convolution backward_weights', ms: 0.25 });
    const older = 'onednn_verbose,exec,cpu,reorder,simple:any,undef,src_f32::blocked:ab:f0,,,64x32,0.5';
    expect(primitiveOf(older)).toEqual({ kind: 'reorder', ms: 0.5 });
    for (const other of ['onednn_verbose,info,oneDNN v3.7', 'onednn_verbose,v1,primitive,create:cache_hit,cpu,x,1'])
      expect(primitiveOf(other)).toBeUndefined();
  });

  it('counts the primitives of the timed rounds alone, by round', async () => {
    const bench: Bench = {
      say: () => undefined,
      open: async (_command, environment, heard) => {
        expect(environment).toEqual({ ONEDNN_VERBOSE: '1' });
        return {
          greeting: { version: '1', precisions: ['float32'] },
          async ask() {
            heard?.('onednn_verbose,v1,primitive,exec,cpu,matmul,jit,undef,a,b,c,d,2');
            return { ms: 8, rss_mb: 1 };
          },
          close: () => undefined,
        };
      },
    };
    const settings = readArguments(['--only', 'profile', '--models', 'convnet', '--batches', '64', '--cases', 'step natural', '--precisions', 'float32', '--rounds', '2']); // prettier-ignore
    const rows = await profile({ ...settings, engines: ['tensorflow'] }, bench);
    expect(rows).toMatchObject([{ side: 'ours', ms: 8, primitives: [{ kind: 'matmul', calls: 1, ms: 2 }] }]);
    expect(profileTable(rows)).toMatch(/matmul +1 +2\.0 +25\.0/);
  });
});
