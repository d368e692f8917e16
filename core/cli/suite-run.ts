/** The work of `lowland evaluate --suite`: measures the sections that lack, writes the card and the page, and remembers the card. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomic } from '../lib/atomic';
import { AppError, throwIfCancelled } from '../lib/errors';
import { type JsonObject, toJson } from '../lib/json';
import { lowlandVersion } from '../lib/paths';
import { type ClassRow, perClass } from '../metrics/per-class';
import { weightsDigest } from '../models/digest';
import { writeJudged } from '../models/judged';
import { cardOf, locateModel } from '../models/library';
import { readDescribed } from '../models/weights';
import type { CommandContext, CommandResult } from './command';
import type { EvaluateFlags } from './evaluate';
import { imagesFile } from './evaluate-folder';
import { radius } from './evaluate-report';
import { suiteCard } from './suite-card';
import { openSuite } from './suite-folder';
import { suiteReport } from './suite-report';
import { type SectionId, type SuiteId, type SuitePlan, sectionsOf, suiteImages } from './suite-sections';

export async function runSuite(
  name: string,
  suite: SuiteId,
  flags: EvaluateFlags,
  context: CommandContext,
): Promise<CommandResult> {
  if (flags.shard)
    throw new AppError('USAGE', 'A suite is not measured in shards.', 'Share its AutoAttack: leave --suite out.');
  const plan: SuitePlan = {
    suite,
    model: name,
    data: flags.data,
    split: flags.split,
    images: flags.n || suiteImages[suite],
    batch: flags.batch,
    eps: flags.eps,
    norm: flags.norm === 'l2' ? 'l2' : 'linf',
  };
  const { dataFolder, seed, progress, signal } = context;
  const weights = await weightsDigest(name, dataFolder);
  const located = await locateModel(name, dataFolder);
  const stem = located.name.replace(/[^\w-]+/g, '-').slice(0, 80);
  const folder = path.resolve(
    context.out ?? path.join(dataFolder, 'suites', `${stem}-${suite}-${weights.slice(0, 8)}`),
  );
  const { kept, keep, close } = await openSuite(folder, { ...plan, seed, weights });
  try {
    const all = sectionsOf(suite);
    const measured: Partial<Record<SectionId, JsonObject>> = { ...kept };
    const begun = performance.now();
    for (const [i, section] of all.entries()) {
      if (measured[section.id]) continue;
      throwIfCancelled(signal);
      progress.note(`${i + 1} of ${all.length}: ${section.title}`);
      const { json } = await section.measure(plan, folder, context).catch((error: unknown) => {
        throw error instanceof AppError && error.code === 'CANCELLED'
          ? new AppError('CANCELLED', 'Cancelled.', `What was complete is kept in ${folder}; the same command goes on.`)
          : error;
      });
      const result = toJson(json as object);
      await keep(section.id, result);
      measured[section.id] = result;
    }
    const { model, metadata } = await readDescribed(located.file);
    const card = await cardOf(located, model, metadata);
    const text = (id: SectionId, field: string) => String(measured[id]?.[field] ?? '');
    const about = {
      ...{ plan, model: located.name, weights, seed, card },
      dataset: text('robustness', 'data'),
      engine: text('calibration', 'engine'),
    };
    const judged = suiteCard(about, measured);
    await writeAtomic(path.join(folder, 'card.json'), `${JSON.stringify(judged, null, 2)}\n`);
    const page = await suiteReport(folder, {
      ...{ plan, judged, sections: measured, classes: await classRows(folder, card.classes) },
      command: `npx lowland evaluate ${name} --suite ${suite} --n ${plan.images} --seed ${seed}`,
      versions: { lowland: lowlandVersion() },
    });
    await writeAtomic(path.join(folder, 'report.html'), page);
    const { sections: _whole, ...brief } = judged;
    await writeJudged(dataFolder, brief);
    const { clean, robust, ece, auroc = NaN } = judged;
    const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
    return {
      json: { ...judged, folder, seconds: (performance.now() - begun) / 1000 },
      text: [
        `${judged.model}, suite ${suite} on ${judged.images} ${judged.split} images of ${judged.dataset}`,
        `clean          ${percent(clean)}`,
        `robust         ${percent(robust.accuracy)}   ${robust.by}, ${robust.norm} ${radius(robust.eps)}`,
        `ECE            ${percent(ece)}   15 bins`,
        `AUROC of -E(x) ${auroc.toFixed(4)}   mean over what it is compared with`,
        path.join(folder, 'report.html'),
      ].join('\n'),
    };
  } finally {
    await close();
  }
}

/** Class by class, right clean and after the worst of all attacks, from the lines that the evaluation left for its images. */
async function classRows(folder: string, classes: readonly string[]): Promise<ClassRow[]> {
  const [head = '', ...lines] = (await readFile(imagesFile(path.join(folder, 'robustness')), 'utf8'))
    .trim()
    .split(/\r?\n/);
  const names = head.split(',');
  const column = (line: string, name: string) => Number(line.split(',')[names.indexOf(name)]);
  const images = new Map<number, { label: number; clean: boolean; robust: boolean }>();
  for (const line of lines) {
    const image = column(line, 'image');
    const label = column(line, 'label');
    const before = images.get(image);
    images.set(image, {
      label,
      clean: column(line, 'predicted') === label,
      robust: (before?.robust ?? true) && column(line, 'robust') === 1,
    });
  }
  const rows = [...images.values()];
  return perClass(
    {
      labels: rows.map(({ label }) => label),
      clean: rows.map(({ clean }) => clean),
      adversarial: rows.map(({ robust }) => robust),
    },
    classes,
  );
}
