/** The work of `lowland evaluate merge`: the records of all shards of one evaluation, put together. */
import path from 'node:path';
import { AppError } from '../lib/errors';
import { Ledger } from '../metrics/autoattack/ledger';
import type { CommandContext, CommandResult } from './command';
import { type EvaluationHeader, differences, readHeader, readRecords } from './evaluate-folder';
import { evaluationReport } from './evaluate-report';

interface Share extends EvaluationHeader {
  readonly folder: string;
}

/** @throws AppError NOT_FOUND, BAD_DATA where the shards are not all of one evaluation, or one has not ended. */
export async function runMerge(folders: readonly string[], { out }: CommandContext): Promise<CommandResult> {
  const shares = await Promise.all(folders.map(shareIn));
  const [first, ...others] = shares;
  if (!first) throw new AppError('USAGE', 'No shard is given.', 'Give the --out of each.');
  for (const share of others) checkTogether(first, share);
  checkComplete(first, shares);
  const ledger = new Ledger(first.plan);
  for (const { folder, plan } of shares)
    for (const record of (await readRecords(folder, plan)).records) ledger.add(record);
  const missing = ledger.missing();
  if (missing.length > 0)
    throw new AppError(
      'BAD_DATA',
      `The shards lack ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : ''}.`,
      'Let every shard come to its end, by lowland evaluate … --resume.',
    );
  const engines = [...new Set(shares.flatMap((share) => share.engines))];
  const whole = { plan: first.plan, shard: { index: 0, count: 1 }, engines };
  return evaluationReport(path.resolve(out ?? `${first.folder}-merged`), whole, ledger);
}

async function shareIn(folder: string): Promise<Share> {
  const header = await readHeader(folder);
  if (!header) throw new AppError('NOT_FOUND', `There is no evaluation in '${folder}'.`, 'Give the --out of a shard.');
  return { ...header, folder };
}

function checkTogether(first: Share, other: Share): void {
  const found = differences(first.plan, other.plan);
  if (first.shard.count !== other.shard.count)
    found.push(`the number of shards (${first.shard.count} and ${other.shard.count})`);
  if (found.length > 0)
    throw new AppError(
      'BAD_DATA',
      `'${first.folder}' and '${other.folder}' are not shards of one evaluation: ${found.join('; ')} differ${found.length === 1 ? 's' : ''}.`,
      'Merge only what was begun with the same flags.',
    );
}

function checkComplete({ shard: { count } }: Share, shares: readonly Share[]): void {
  const given = shares.map(({ shard }) => shard.index);
  const twice = given.find((index, i) => given.indexOf(index) !== i);
  if (twice !== undefined)
    throw new AppError('BAD_DATA', `Shard ${twice}/${count} is given twice.`, 'Give each shard once.');
  const lacking = Array.from({ length: count }, (_, index) => index).filter((index) => !given.includes(index));
  if (lacking.length > 0)
    throw new AppError(
      'BAD_DATA',
      `Of ${count} shards ${lacking.map((index) => `${index}/${count}`).join(', ')} ${lacking.length === 1 ? 'is' : 'are'} not given.`,
      'Give the folder of every shard.',
    );
}
