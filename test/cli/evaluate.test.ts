/** `lowland evaluate` in processes that are killed, in shards, and on states that are not its own: always the same result, or a sentence. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shardOf } from '../../core/cli/evaluate-plan';
import { bundle } from '../bundle';
import { testEngines } from '../engines';

const engine = testEngines.includes('wasm') ? 'wasm' : (testEngines[0] ?? 'cpu');
let entry: string;
let folder: string;
beforeAll(async () => {
  entry = await bundle('core/cli/main.ts');
  folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-evaluate-'));
});
afterAll(() => Promise.all([path.dirname(entry), folder].map((each) => rm(each, { recursive: true, force: true }))));

function lowland(...args: string[]) {
  const run = `import(process.argv[1]).then(({ main }) => main(process.argv.slice(2)))`;
  const env = { ...process.env, LOWLAND_DATA: folder };
  const child = spawn(process.execPath, ['-e', run, entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (heard.err += text));
  return {
    child,
    ended: new Promise<{ code: number | null } & typeof heard>((done) =>
      child.on('close', (code) => done({ code, ...heard })),
    ),
  };
}

const steps = {
  'apgd-ce.steps': 3,
  'apgd-t.steps': 2,
  'apgd-t.targets': 2,
  'fab-t.steps': 2,
  'fab-t.targets': 2,
  'square.steps': 8,
};
const small = Object.entries(steps).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
const plan = ['evaluate', 'jeat', '--data', 'fashion-mnist-mini', '--eps', '0.04', '--n', '20', '--batch', '8', '--seed', '5', '--engine', engine, '--json', ...small]; // prettier-ignore
const at = (name: string, file = '') => path.join(folder, name, file);
const recordsIn = (name: string) =>
  existsSync(at(name, 'records.jsonl')) ? readFileSync(at(name, 'records.jsonl'), 'utf8').split('\n').length - 1 : 0;

interface Result {
  clean: number;
  robust: number;
  attacks: { id: string; robust: number; felled: number; seconds: number }[];
  flags: { id: string }[];
  seconds: number;
}
/** Without what differs between two runs of the same. */
const timeless = (json: string): unknown => {
  const result = JSON.parse(json) as Result;
  return JSON.parse(
    JSON.stringify({ ...result, folder: '', seconds: 0 }, (key, value: unknown) => (key === 'seconds' ? 0 : value)),
  );
};

describe('lowland evaluate', () => {
  let whole: string;
  beforeAll(async () => {
    const { code, out, err } = await lowland(...plan, '--out', at('whole')).ended;
    expect({ code, err: /error/.test(err) }).toEqual({ code: 0, err: false });
    whole = out;
  });
  const csv = (name: string) => readFile(at(name, 'images.csv'), 'utf8');

  it('tells accuracies that go down, and every verdict beside', async () => {
    const { clean, robust, attacks, flags, seconds } = JSON.parse(whole) as Result;
    expect(attacks.map(({ id }) => id)).toEqual(['apgd-ce', 'apgd-t', 'fab-t', 'square']);
    const after = [clean, ...attacks.map((attack) => attack.robust)];
    expect(after).toEqual([...after].sort((a, b) => b - a));
    expect(robust).toBeCloseTo(after.at(-1) ?? NaN, 12);
    expect(robust).toBeLessThan(clean);
    expect(seconds).toBeGreaterThanOrEqual(attacks.reduce((sum, attack) => sum + attack.seconds, 0));
    expect(new Set(flags.map(({ id }) => id))).toEqual(new Set(['changed-budget']));
    const [head, ...rows] = (await csv('whole')).trim().split('\n');
    expect(head).toBe('image,label,predicted,suite,norm,eps,robust,felledBy,takenFor,size');
    expect(rows.map((row) => row.split(',')[0])).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
    expect(rows.filter((row) => row.split(',')[6] === '1')).toHaveLength(Math.round(20 * robust));
    const felled = attacks.reduce((sum, attack) => sum + attack.felled, 0);
    expect(rows.filter((row) => /,(apgd-ce|apgd-t|fab-t|square),\d+,0\.0\d+$/.test(row))).toHaveLength(felled);
    expect(JSON.parse(await readFile(at('whole', 'result.json'), 'utf8'))).toEqual(JSON.parse(whole));
  });

  it.each([2, 6])('gives the same after kill -9 with %i records, and with a line torn off', async (records) => {
    const name = `killed-${records}`;
    const { child, ended } = lowland(...plan, '--out', at(name));
    while (recordsIn(name) < records) await wait(5);
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(at(name, 'result.json'))).toBe(false);
    await appendFile(at(name, 'records.jsonl'), '{"kind":"part","block":0,"su');
    const { code, out } = await lowland(...plan, '--out', at(name), '--resume').ended;
    expect({ code, result: timeless(out) }).toEqual({ code: 0, result: timeless(whole) });
    expect(await csv(name)).toBe(await csv('whole'));
  });

  it('stops on Ctrl-C with 130, and goes on by itself where no folder is named', async () => {
    const place = ['--data-dir', at('own')];
    const { child, ended } = lowland(...plan, ...place);
    child.stderr.once('data', () => child.kill('SIGINT'));
    const { code, err } = await ended;
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining('--resume goes on') });
    const again = await lowland(...plan, ...place).ended;
    expect({ code: again.code, result: timeless(again.out) }).toEqual({ code: 0, result: timeless(whole) });
  });

  it('gives the same in shards, merged', async () => {
    const shards = ['0/2', '1/2'].map((shard, i) => lowland(...plan, '--shard', shard, '--out', at(`share${i}`)).ended);
    const shares = await Promise.all(shards);
    expect(shares.map(({ code }) => code)).toEqual([0, 0]);
    const merge = ['evaluate', 'merge', at('share1'), at('share0'), '--json', '--out', at('merged')];
    const { code, out } = await lowland(...merge).ended;
    expect({ code, result: timeless(out) }).toEqual({ code: 0, result: timeless(whole) });
    expect(await csv('merged')).toBe(await csv('whole'));

    const refused = async (...folders: string[]) => (await lowland('evaluate', 'merge', ...folders).ended).err;
    expect(await refused(at('share0'))).toContain('Of 2 shards 1/2 is not given.');
    expect(await refused(at('share0'), at('share0'))).toContain('Shard 0/2 is given twice.');
    expect(await refused(at('share0'), at('whole'))).toContain('the number of shards (2 and 1) differs');
    expect(await refused(at('nothing'))).toContain('There is no evaluation in');
    await cp(at('share1'), at('short'), { recursive: true });
    const lines = (await readFile(at('short', 'records.jsonl'), 'utf8')).split('\n');
    await writeFile(at('short', 'records.jsonl'), `${lines.slice(0, -2).join('\n')}\n`);
    expect(await refused(at('share0'), at('short'))).toContain('The shards lack block 1 under Square at eps 0.04.');
  });

  it('refuses a state that is another evaluation’s, naming what differs', async () => {
    const against = async (...flags: string[]) => {
      const { code, err } = await lowland(...plan, '--out', at('whole'), ...flags).ended;
      expect(code).not.toBe(0);
      return err;
    };
    expect(await against()).toContain("holds an evaluation of 'fashion/jeat' already");
    expect(await against('--resume', '--seed', '6')).toContain('--seed (5 and 6) differs.');
    expect(await against('--resume', '--eps', '0.05')).toContain('the attacks or their options');
    expect(await against('--resume', '--n', '21', '--batch', '7')).toContain(
      '--n (20 and 21); --batch (8 and 7) differ.',
    );
    expect(await against('--resume', '--split', 'validation')).toContain('the images (fashion-mnist-mini test and');
    expect(await against('--resume', '--shard', '0/2')).toContain('--shard (0/1 and 0/2)');
    const { err } = await lowland('evaluate', 'natural', ...plan.slice(2), '--out', at('whole'), '--resume').ended;
    expect(err).toContain("the model's weights ('fashion/jeat' and 'fashion/natural') differs.");
    await writeFile(at('whole', 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere', started: '' }));
    expect(await against('--resume')).toContain('error[LOCKED]');
    await rm(at('whole', 'lock'));
    await cp(at('whole'), at('damaged'), { recursive: true });
    const records = await readFile(at('damaged', 'records.jsonl'), 'utf8');
    await writeFile(at('damaged', 'records.jsonl'), records.replace('"kind":"look"', '"kind":"lock"'));
    const damaged = await lowland(...plan, '--out', at('damaged'), '--resume').ended;
    expect(damaged.err).toMatch(/Line \d+ of '.*records\.jsonl' is no record/);
  });

  it.each([
    [['--shard', '2/2'], "--shard is '2/2'"],
    [['--shard', '0/9'], 'only 3 batches of 8'],
    [['--eps', '0'], "--eps has '0'"],
    [['--norm', 'l7'], "Unknown norm 'l7'"],
    [['--attacks', 'autoattak'], "Unknown attack 'autoattak'"],
    [['--attacks', 'autoattack,pgd', '--set', 'steps=3'], '--set steps does not say of which attack'],
    [['--set', 'squares.steps=3'], "Unknown attack in --set 'squares'"],
    [['--version', 'slow'], '--version is "slow"'],
  ])('refuses %j in a sentence', async (flags, sentence) => {
    const { code, out, err } = await lowland(...plan, ...flags, '--out', at('refused')).ended;
    expect({ code: code === 0, out, err }).toEqual({ code: false, out: '', err: expect.stringContaining(sentence) });
    expect(existsSync(at('refused', 'records.jsonl'))).toBe(false);
  });
});

it('reads shards', () => {
  expect([shardOf(''), shardOf('1/3')]).toEqual([
    { index: 0, count: 1 },
    { index: 1, count: 3 },
  ]);
  for (const wrong of ['1', '3/3', '-1/2', 'a/b', '0/0']) expect(() => shardOf(wrong)).toThrow(`--shard is '${wrong}'`);
});
