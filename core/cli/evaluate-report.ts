/** What an evaluation found: the JSON document, the same as a small table, and a line for each image under each suite. */
import path from 'node:path';
import { writeAtomic } from '../lib/atomic';
import { csvTable } from '../lib/csv';
import type { Ledger, SuitesResult } from '../metrics/autoattack/ledger';
import type { CommandResult } from './command';
import { type EvaluationHeader, imagesFile, resultFile } from './evaluate-folder';
import { textTable } from './table';

/** Writes result.json and images.csv into the folder, and gives what the command says. */
export async function evaluationReport(
  folder: string,
  { plan, shard, engines }: EvaluationHeader,
  ledger: Ledger,
): Promise<CommandResult> {
  const { images, clean, radii, flags, seconds } = ledger.result();
  const [first] = radii;
  const json = {
    model: plan.model.name,
    data: plan.data.id,
    split: plan.data.split,
    images,
    ...(shard.count > 1 ? { shard: `${shard.index}/${shard.count}` } : {}),
    seed: plan.seed,
    precision: plan.precision,
    engines,
    clean,
    /** Of the first radius, as are the attacks. */
    robust: first?.robust,
    attacks: first?.attacks,
    radii,
    flags,
    seconds,
    folder: path.resolve(folder),
  };
  await writeAtomic(imagesFile(folder), imageTable(ledger));
  await writeAtomic(resultFile(folder), `${JSON.stringify(json, null, 2)}\n`);
  const share = shard.count > 1 ? `, shard ${shard.index} of ${shard.count}` : '';
  const text = [
    `${plan.model.name} on ${images} ${plan.data.split} images of ${plan.data.id}${share}`,
    resultTable({ clean, radii }),
    ...radii.map(({ norm, eps, robust }) => `Robust at ${norm} ${radius(eps)}: ${percent(robust)} %`),
    ...flags.map(({ sentence }) => `! ${sentence}`),
    ...(shard.count > 1 ? ['Join all shards with lowland evaluate merge.'] : []),
    path.resolve(folder),
  ];
  return { json, text: text.join('\n') };
}

function resultTable({ clean, radii }: Pick<SuitesResult, 'clean' | 'radii'>): string {
  const rows = radii.flatMap(({ attacks }) =>
    attacks.map(({ id, suite, norm, eps, robust, felled, seconds }) => [
      suite === id ? id : `${suite}: ${id}`,
      `${norm} ${radius(eps)}`,
      percent(robust),
      String(felled),
      seconds.toFixed(1),
    ]),
  );
  return textTable(['after', 'ball', 'right %', 'felled', 'seconds'], [['clean', '', percent(clean), '', ''], ...rows]);
}

const imageTable = (ledger: Ledger): string =>
  csvTable(
    ['image', 'label', 'predicted', 'suite', 'norm', 'eps', 'robust', 'felledBy', 'takenFor', 'size'],
    Array.from(ledger.verdicts(), ({ image, label, predicted, suite: { id, norm, eps }, robust, felled }) => [
      ...[image, label, predicted, id, norm, eps, Number(robust)],
      ...(felled ? [felled.by, felled.predicted, felled.size] : []),
    ]),
  );

const percent = (share: number): string => (100 * share).toFixed(2);
/** '8/255' where it is one, otherwise the number. */
export const radius = (eps: number): string => {
  const levels = eps * 255;
  return levels < 32.5 && Math.abs(levels - Math.round(levels)) < 1e-6
    ? `${Math.round(levels)}/255`
    : String(Number(eps.toPrecision(4)));
};
