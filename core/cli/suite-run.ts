/** The work of `lowland evaluate --suite`: measures the sections that lack, writes the card and the page, and remembers the card. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { type SuiteId, suiteImages } from '../contract/areas/suites';
import { type SuitePage, suitesFolder, writePage } from '../host/library/suites/page';
import { writeAtomic } from '../lib/atomic';
import { AppError, throwIfCancelled } from '../lib/errors';
import { type JsonObject, toJson } from '../lib/json';
import { lowlandVersion } from '../lib/paths';
import { weightsDigest } from '../models/digest';
import { type Judged, writeJudged } from '../models/judged';
import { cardOf, locateModel } from '../models/library';
import { readDescribed } from '../models/weights';
import type { CommandContext, CommandResult } from './command';
import type { EvaluateFlags } from './evaluate';
import { radius } from './evaluate-report';
import { suiteCard } from './suite-card';
import { openSuite } from './suite-folder';
import { pageSections } from './suite-page';
import { suiteReport } from './suite-report';
import { type SectionId, type SuitePlan, sectionsOf } from './suite-sections';
import { share } from './suite-told';

/** `began` hears the folder as soon as it is known. */
export async function runSuite(
  name: string,
  suite: SuiteId,
  flags: EvaluateFlags,
  context: CommandContext,
  began: (folder: string) => void = () => undefined,
): Promise<CommandResult> {
  if (flags.shard)
    throw new AppError('USAGE', 'A suite is not measured in shards.', 'Share its AutoAttack: leave --suite out.');
  const { dataFolder, seed, progress, signal } = context;
  const weights = await weightsDigest(name, dataFolder);
  const located = await locateModel(name, dataFolder);
  const { model, metadata } = await readDescribed(located.file);
  const card = await cardOf(located, model, metadata);
  const plan: SuitePlan = {
    suite,
    model: name,
    classes: card.classes.length,
    data: flags.data,
    split: flags.split,
    images: flags.n || suiteImages[suite],
    batch: flags.batch,
    eps: flags.eps,
    norm: flags.norm === 'l2' ? 'l2' : 'linf',
  };
  const kind = { ...plan, seed, weights };
  const folder = path.resolve(context.out ?? path.join(suitesFolder(dataFolder), folderName(located.name, kind)));
  const { kept, keep, close } = await openSuite(folder, kind);
  try {
    began(folder);
    const all = sectionsOf(suite);
    const measured: Partial<Record<SectionId, JsonObject>> = { ...kept };
    const text = (id: SectionId, field: string) => String(measured[id]?.[field] ?? '');
    const command = commandOf(plan, seed);
    const tellPage = async (): Promise<SuitePage> => {
      const page = {
        ...{ suite, model: located.name, dataset: text('robustness', 'data'), images: plan.images, seed, command },
        total: all.length,
        sections: await pageSections(folder, plan, measured, card.classes),
      };
      await writePage(folder, page);
      return page;
    };
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
      await tellPage();
    }
    const page = await tellPage();
    const dataset = text('robustness', 'data');
    const engine = text('calibration', 'engine');
    const judged = suiteCard({ plan, model: located.name, weights, seed, card, dataset, engine }, measured);
    await writeAtomic(path.join(folder, 'card.json'), `${JSON.stringify(judged, null, 2)}\n`);
    const versions = { lowland: lowlandVersion() };
    const html = await suiteReport(folder, { plan, judged, measured, page, versions });
    await writeAtomic(path.join(folder, 'report.html'), html);
    const { sections: _whole, ...brief } = judged;
    await writeJudged(dataFolder, { ...brief, folder });
    return {
      json: { ...judged, folder, seconds: (performance.now() - begun) / 1000 },
      text: briefly(judged, path.join(folder, 'report.html')),
    };
  } finally {
    await close();
  }
}

/** One for each plan, seed and weights: there the same command goes on. */
function folderName(model: string, kind: SuitePlan & { seed: number; weights: string }): string {
  const stem = model.replace(/[^\w-]+/g, '-').slice(0, 80);
  const mark = createHash('sha256').update(JSON.stringify(kind)).digest('hex').slice(0, 12);
  return `${stem}-${kind.suite}-${mark}`;
}

function commandOf({ suite, model, data, split, images, eps, norm }: SuitePlan, seed: number): string {
  const said = [data && `--data ${data}`, eps && `--eps ${eps}`, norm !== 'linf' && `--norm ${norm}`];
  const asked = ['npx lowland evaluate', model, `--suite ${suite} --n ${images}`, ...said, `--split ${split}`];
  return [...asked, `--seed ${seed}`].filter(Boolean).join(' ');
}

function briefly({ model, suite, images, split, dataset, clean, robust, ece, auroc = NaN }: Judged, page: string) {
  return [
    `${model}, suite ${suite} on ${images} ${split} images of ${dataset}`,
    `clean          ${share(clean)}`,
    `robust         ${share(robust.accuracy)}   ${robust.by}, ${robust.norm} ${radius(robust.eps)}`,
    `ECE            ${share(ece)}   15 bins`,
    `AUROC of -E(x) ${auroc.toFixed(4)}   mean over what it is compared with`,
    page,
  ].join('\n');
}
