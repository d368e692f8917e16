/**
 * `npm run bench`: times of training steps, samplers, attacks, energy planes, data loading and start-up by engine, precision, model and
 * batch; with --against pytorch beside reference scripts in the same run. With --docs it writes docs/benchmarks.md instead.
 */
import { engineIds } from '../../core/engine/engine';
import { AppError } from '../../core/lib/errors';
import { type Settings, readArguments } from './arguments';
import { autoattackTable, benchAutoattack } from './autoattack';
import { runBench } from './bench';
import { writeDocs } from './docs';
import { openPeer } from './peer';
import { profile, profileTable } from './profile';
import { type Row, tableOf } from './rows';
import { serve } from './worker';

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

async function main(given: readonly string[]): Promise<void> {
  const engine = given[0] === '--worker' ? engineIds.find((id) => id === given[1]) : undefined;
  if (engine) return serve(engine);
  const settings = readArguments(given);
  if (settings.docs !== undefined) return writeDocs(settings.docs);
  if (settings.only === 'autoattack') return printAutoattack(settings);
  if (settings.only === 'profile') return printProfile(settings);
  const rows: Row[] = [];
  for await (const row of runBench(settings, { open: openPeer, say })) rows.push(row);
  process.stdout.write(`${settings.json ? JSON.stringify(rows) : tableOf(rows)}\n`);
  if (rows.length === 0) throw new AppError('FAILED', 'Nothing could be timed here.', "See 'lowland doctor'.");
}

async function printAutoattack(settings: Settings): Promise<void> {
  const rows = await benchAutoattack(settings, { open: openPeer, say });
  process.stdout.write(`${settings.json ? JSON.stringify(rows) : autoattackTable(rows)}\n`);
}

async function printProfile(settings: Settings): Promise<void> {
  const rows = await profile(settings, { open: openPeer, say });
  process.stdout.write(`${settings.json ? JSON.stringify(rows) : profileTable(rows)}\n`);
}

try {
  await main(process.argv.slice(2));
  process.exitCode = 0;
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  say(`error[${error.code}]: ${error.message}${error.hint ? `\n${error.hint}` : ''}`);
  process.exitCode = error.exitCode;
}
