/** An evaluation's AutoAttack cells: worst points of every batch, the same bytes after an interruption, listed with their attacks. */
import { mkdtemp, readFile, readdir, rm, truncate } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EvaluationPlan } from '../../core/contract/areas/evaluations';
import type { Engine } from '../../core/engine/engine';
import { engineDesk } from '../../core/host/engine/desk';
import { evaluate, resumeEvaluation } from '../../core/host/engine/evaluate';
import { datasetDesk } from '../../core/host/library/desk';
import {
  cellFile,
  evaluationsFolder,
  readEvaluation,
  writeManifest,
} from '../../core/host/library/evaluations/manifest';
import { imageColumns, recordBytes } from '../../core/host/library/evaluations/records';
import { open, testEngines } from '../engines';

/** So wide a ball that the first steps fell every image: the whole budget of the later attacks is not spent. */
const plan: EvaluationPlan = {
  model: 'fashion/natural',
  dataset: 'fashion-mnist-mini',
  side: 'test',
  images: 9,
  batch: 4,
  norm: 'linf',
  eps: [0.5],
  attacks: [{ attack: 'autoattack', options: {} }],
  seed: 3,
};

describe.each(testEngines.slice(-1))('AutoAttack in an evaluation on %s', (id) => {
  let folder: string;
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(id);
  });
  afterAll(() => engine.dispose());
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lowland-evaluations-'));
    return () => rm(folder, { recursive: true, force: true });
  });

  const context = () => ({
    desk: engineDesk(datasetDesk(folder), async () => engine),
    signal: new AbortController().signal,
    target: () => undefined,
    progress: { update: () => undefined, note: () => undefined },
  });
  async function begun(of: EvaluationPlan): Promise<string> {
    await evaluate({ kind: 'evaluate', plan: of }, context());
    const [name = ''] = await readdir(evaluationsFolder(folder));
    return path.join(evaluationsFolder(folder), name);
  }

  it('fells what is right, and goes on after an interruption to the same bytes', async () => {
    const made = await begun(plan);
    const manifest = await readEvaluation(made);
    expect(manifest.cells.map(({ kind }) => kind)).toEqual(['clean', 'autoattack']);
    expect(manifest.cells[1]).toMatchObject({
      title: 'AutoAttack',
      eps: 0.5,
      options: { version: 'standard', norm: 'linf' },
      parts: [{ attack: 'apgd-ce' }, { attack: 'apgd-t' }, { attack: 'fab-t' }, { attack: 'square' }],
    });
    const bytes = await readFile(cellFile(made, 1));
    const { clean, adversarial, labels, robust } = imageColumns(bytes);
    const right = [...labels].map((label, i) => clean.predicted[i] === label);
    expect(right.filter(Boolean).length).toBeGreaterThan(4);
    for (const [i, was] of right.entries()) {
      // an image that is wrong already is left as it is
      if (was) expect(adversarial.predicted[i]).not.toBe(labels[i]);
      else expect([adversarial.predicted[i], adversarial.joint[i]]).toEqual([clean.predicted[i], clean.joint[i]]);
      expect(robust[i]).toBe(0);
    }
    await truncate(cellFile(made, 1), 5 * recordBytes);
    await writeManifest(made, { ...manifest, status: 'stopped' });
    await resumeEvaluation({ kind: 'resume-evaluation', id: path.basename(made) }, context());
    expect((await readFile(cellFile(made, 1))).equals(bytes)).toBe(true);
  });

  it('refuses a version that there is not', async () => {
    const other = { ...plan, attacks: [{ attack: 'autoattack', options: { version: 'fast' } }] };
    await expect(begun(other)).rejects.toThrow('autoattack.version is "fast"');
  });
});
