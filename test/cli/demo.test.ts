/** The demo and training from the command line, made tiny: files, JSON alone on stdout, resume after a stop, second runs. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPngText } from '../../core/figures/png-text';
import { captured } from './captured';

const tiny = [
  'steps=4',
  'batch=8',
  'limit=64',
  'checkpointEvery=2',
  'evaluateEvery=0',
  'sampleEvery=0',
  'evaluationImages=8',
  'model.widths=4,4,4,8',
];
const jeat = ['objective.negatives=4', 'objective.bufferSize=16', 'objective.sgldSteps=2'];
const sets = [...tiny, ...jeat].flatMap((set) => ['--set', set]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lowland-demo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function lowland(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, out, err } = await captured(...args, '--engine', 'wasm', '--data-dir', path.join(folder, 'data'));
  return { code, stdout: out, stderr: err };
}

describe('lowland demo', () => {
  it('leaves one run folder and one JSON document, and a second run starts afresh', async () => {
    const run = path.join(folder, 'demo');
    for (let round = 0; round < 2; round++) {
      const { code, stdout, stderr } = await lowland(
        'demo',
        '--json',
        '--no-open',
        '--seed',
        '0',
        '--out',
        run,
        ...sets,
      );
      expect(stderr).not.toContain('error[');
      expect(code).toBe(0);
      const result: unknown = JSON.parse(stdout);
      expect(result).toMatchObject({ run, report: path.join(run, 'report.html'), engine: 'wasm' });
      expect(Object.keys(result as object).sort()).toEqual([
        'clean',
        'engine',
        'figures',
        'images',
        'report',
        'robust',
        'run',
        'seconds',
      ]);
    }
    expect(readPngText(readFileSync(path.join(run, 'images', 'samples.png')))).toMatchObject({ seed: '0' });
    expect(readFileSync(path.join(run, 'report.html'), 'utf8')).toContain('Lowland demo');
    for (const name of ['energy', 'descent'])
      expect(readFileSync(path.join(run, 'images', `${name}.svg`), 'utf8')).toMatch(/^<svg/);
  });

  it('leaves a folder that is no demo alone', async () => {
    const { code, stdout, stderr } = await lowland('demo', '--json', '--no-open', '--out', folder, ...sets);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('is not empty');
  });
});

describe('lowland train', () => {
  it('the same preset and seed give the same weights, byte for byte; a finished run resumes to nothing new', async () => {
    const weights = async (name: string, ...more: string[]) => {
      const run = path.join(folder, name);
      const { code, stdout, stderr } = await lowland('train', '--json', '--seed', '1', ...more);
      expect(stderr).not.toContain('error[');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ run, steps: 4 });
      expect(existsSync(path.join(run, 'report.html'))).toBe(true);
      return readFileSync(path.join(run, 'weights.safetensors'));
    };
    const preset = ['--preset', 'fashion-mini/jeat', ...sets];
    const first = await weights('data/runs/a', ...preset, '--name', 'a');
    const second = await weights('b', ...preset, '--out', path.join(folder, 'b'));
    expect(Buffer.compare(first, second)).toBe(0);
    expect(Buffer.compare(await weights('data/runs/a', '--resume', 'a'), first)).toBe(0);
    expect(Buffer.compare(await weights('b', '--resume', path.join(folder, 'b')), first)).toBe(0);
  });

  it.each([
    [['--preset', 'fashion-mini/jeatt'], 2, "Did you mean 'fashion-mini/jeat'?"],
    [['--preset', 'fashion-mini/jeat', '--set', 'epoch=1'], 2, "Did you mean 'epochs'?"],
    [['--preset', 'fashion-mini/jeat', '--set', 'objective.eps=-1'], 2, 'eps is "-1"'],
    [['--resume', '/nonexistent/run'], 3, '/nonexistent/run'],
    [['--preset', 'fashion-mini/jeat', '--set', 'dataset=fashion-mnist-mni'], 2, "Did you mean 'fashion-mnist-mini'?"],
  ])('%j: exit %i and a sentence', async (args, exit, sentence) => {
    const { code, stdout, stderr } = await lowland('train', '--json', '--out', path.join(folder, 'bad'), ...args);
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toContain(sentence);
    rmSync(path.join(folder, 'bad'), { recursive: true, force: true });
  });
});
