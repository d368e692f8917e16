/**
 * The jobs that evaluate: clean and robust accuracy cell by cell, each batch on disk before the next. A resumed evaluation ends with the
 * same bytes as one that was never interrupted: a batch is a function of (seed, its first image), and the weights must be the same.
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { EvaluationPlan } from '../../contract/areas/evaluations';
import type { Split } from '../../data/dataset';
import { AppError, fileError } from '../../lib/errors';
import { weightsDigest } from '../../models/digest';
import { takeLock } from '../../runs/lock';
import {
  type EvaluationManifest,
  cellFile,
  evaluationFolder,
  evaluationsFolder,
  readEvaluation,
  writeManifest,
} from '../library/evaluations/manifest';
import { encodeRecords } from '../library/evaluations/records';
import { type OpenModel, checkFit } from './desk';
import { cellsOf, measureCell } from './evaluate/cells';
import { CellWriter } from './evaluate/writer';
import type { JobContext, JobWork } from './jobs';

export const evaluate: JobWork<'evaluate'> = async ({ plan }, context) => {
  const { desk } = context;
  const data = await desk.dataset(plan.dataset);
  await desk.withModel(plan.model, async (model) => {
    checkFit(model, data);
    const split = data[plan.side];
    const id = newId(plan);
    const folder = path.join(evaluationsFolder(desk.dataFolder), id);
    const manifest: EvaluationManifest = {
      id,
      plan,
      status: 'running',
      created: new Date().toISOString(),
      engines: [],
      weights: await weightsDigest(plan.model, desk.dataFolder),
      images: Math.min(plan.images, split.size),
      classes: [...model.classes],
      cells: cellsOf(plan, model.classifier),
    };
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw fileError(error, folder, 'begin an evaluation');
    });
    await work(folder, manifest, model, split, context);
  });
};

export const resumeEvaluation: JobWork<'resume-evaluation'> = async ({ id }, context) => {
  const { desk } = context;
  const folder = await evaluationFolder(desk.dataFolder, id);
  const manifest = await readEvaluation(folder);
  const { plan } = manifest;
  if (manifest.status === 'done') return;
  const data = await desk.dataset(plan.dataset);
  await desk.withModel(plan.model, async (model) => {
    checkFit(model, data);
    if ((await weightsDigest(plan.model, desk.dataFolder)) !== manifest.weights)
      throw new AppError(
        'BAD_DATA',
        `The weights of '${plan.model}' are not those that this evaluation began with.`,
        'Start a new evaluation.',
      );
    await work(folder, manifest, model, data[plan.side], context);
  });
};

/** Measures what is missing, and says how it ended. */
async function work(
  folder: string,
  begun: EvaluationManifest,
  model: OpenModel,
  split: Split,
  context: JobContext,
): Promise<void> {
  const release = await takeLock(folder);
  try {
    const { id: engine } = await context.desk.engine();
    const [last] = begun.engines.slice(-1);
    if (last !== undefined && last !== engine)
      context.progress.note(`The evaluation began on engine ${last}; on ${engine} its numbers may differ a little.`);
    const engines = last === engine ? begun.engines : [...begun.engines, engine];
    const manifest = { ...begun, engines };
    await writeManifest(folder, { ...manifest, status: 'running' });
    context.target(manifest.id);
    let status: EvaluationManifest['status'] = 'stopped';
    try {
      await measure(folder, manifest, model, split, context);
      status = 'done';
    } finally {
      await writeManifest(folder, { ...manifest, status });
    }
  } finally {
    await release();
  }
}

async function measure(
  folder: string,
  { plan, cells, images }: EvaluationManifest,
  { name, classifier }: OpenModel,
  split: Split,
  { desk, progress, signal }: JobContext,
): Promise<void> {
  const { seed } = plan;
  const batch = Math.min(plan.batch, images);
  const engine = await desk.engine();
  for (const [i, cell] of cells.entries()) {
    const said = cell.kind === 'clean' ? 'clean' : `${cell.title}, eps ${Number(cell.eps.toPrecision(3))}`;
    const tell = (done: number) =>
      progress.update(`Attack ${name}`, i * images + done, cells.length * images, 'images', said);
    const writer = await CellWriter.open(cellFile(folder, i), images, batch);
    try {
      tell(writer.images);
      if (writer.images === images) continue;
      const { compile } = desk;
      const measuring = { engine, compile, classifier, split, images, batch, seed, skip: writer.batches, signal };
      for await (const found of measureCell(cell, measuring)) {
        await writer.append(encodeRecords(found, split.labels.subarray(found.from, found.from + found.count)));
        tell(found.from + found.count);
      }
    } finally {
      await writer.close();
    }
  }
}

/** 'fashion-jeat-2026-11-23-07-48-19-a3f1': sorts by model, then by time. */
function newId({ model }: EvaluationPlan): string {
  const stem = model
    .replace(/\.safetensors$/, '')
    .split(/[/\\]/)
    .slice(-2)
    .join('-')
    .replace(/[^\w-]+/g, '-');
  const time = new Date().toISOString().replace(/[:T]/g, '-').slice(0, 19);
  return `${stem.slice(0, 100) || 'model'}-${time}-${randomBytes(2).toString('hex')}`;
}
