/** The work of `lowland evaluate`: measures what its folder lacks, and reports. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from '../engine/engine';
import { AppError } from '../lib/errors';
import { evaluateSuites } from '../metrics/autoattack/evaluate';
import { Ledger } from '../metrics/autoattack/ledger';
import { type CommandContext, type CommandResult, compileOptions } from './command';
import type { EvaluateFlags } from './evaluate';
import { EvaluationFolder, type EvaluationHeader, type Opening, resultFile } from './evaluate-folder';
import { type Evaluated, evaluationPlan } from './evaluate-plan';
import { evaluationReport, radius } from './evaluate-report';
import { type OpenModel, withModels } from './open-models';

export function runEvaluate(
  name: string,
  flags: Omit<EvaluateFlags, 'suite'>,
  context: CommandContext,
): Promise<CommandResult> {
  return withModels([name], context, async (engine, [model]) => {
    const evaluated = await evaluationPlan(model, name, flags, context);
    const header = { plan: evaluated.plan, shard: evaluated.shard, engines: [engine.id] };
    const { folder, how } = placeOf(header, flags, context);
    const state = await EvaluationFolder.open(folder, header, how);
    try {
      const ledger = new Ledger(evaluated.plan);
      for (const record of state.records) ledger.add(record);
      if (state.records.length > 0)
        context.progress.note(`Going on with ${state.records.length} records in ${folder}.`);
      if (state.lastEngine !== undefined && state.lastEngine !== engine.id)
        context.progress.note(
          `The evaluation began on engine ${state.lastEngine}; on ${engine.id} its verdicts may differ a little.`,
        );
      await measure(ledger, state, engine, model, evaluated, context);
      return await evaluationReport(folder, { ...header, engines: state.engines }, ledger);
    } finally {
      await state.close();
    }
  });
}

async function measure(
  ledger: Ledger,
  state: EvaluationFolder,
  engine: Engine,
  { classifier: model }: OpenModel,
  { split, shard }: Evaluated,
  context: CommandContext,
): Promise<void> {
  const { progress, signal } = context;
  const compile = compileOptions(context);
  const found = evaluateSuites(ledger, {
    ...{ engine, model, split, shard, signal, compile },
    tell({ suite, part, done, images, standing }) {
      const task = `${suite.parts.length > 1 ? `${suite.title}: ` : ''}${part.title}, ${suite.norm} ${radius(suite.eps)}`;
      progress.update(task, done, images, 'images', `${standing} stand`);
    },
  });
  try {
    for await (const record of found) await state.append(record);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'CANCELLED') throw error;
    throw new AppError(
      'CANCELLED',
      'Cancelled.',
      `What was complete is kept in ${state.folder}; --resume goes on.`,
      error,
    );
  }
}

/**
 * --out, or a folder named after all that is measured: there the same command goes on with what was interrupted, and begins anew once
 * all was measured.
 */
function placeOf(
  header: EvaluationHeader,
  { resume }: Pick<EvaluateFlags, 'resume'>,
  { out, dataFolder }: CommandContext,
): { folder: string; how: Opening } {
  if (out !== undefined) return { folder: path.resolve(out), how: resume ? 'go on' : 'begin' };
  const { plan, shard } = header;
  const stem = plan.model.name.replace(/[^\w-]+/g, '-').slice(0, 80);
  const mark = createHash('sha256').update(JSON.stringify({ plan, shard })).digest('hex').slice(0, 12);
  const folder = path.join(dataFolder, 'robustness', `${stem}-${mark}`);
  return { folder, how: !resume && existsSync(resultFile(folder)) ? 'anew' : 'go on' };
}
