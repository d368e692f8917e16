/** What suites found, for windows. */
import path from 'node:path';
import type { HandlersOf } from '../../contract/api';
import type { SuiteFigure, SuiteResults } from '../../contract/areas/suites';
import { maxFrame } from '../../contract/codec';
import { checkedSvg } from '../../figures/svg-check';
import { AppError } from '../../lib/errors';
import { readBounded } from '../../lib/read-bounded';
import { readJudged } from '../../models/judged';
import type { DatasetDesk } from './desk';
import { readPage, suitesFolder } from './suites/page';

/** All figures of one answer together, with room for what else it says. */
const largest = maxFrame - 2 ** 20;

export function suiteHandlers({
  dataFolder,
}: Pick<DatasetDesk, 'dataFolder'>): Pick<HandlersOf<'library'>, 'suites.results' | 'suites.report'> {
  return {
    async 'suites.results'({ model, id }): Promise<SuiteResults> {
      const folder = await suiteFolder(dataFolder, model, id);
      const { sections, ...page } = await readPage(folder);
      let room = largest;
      const figuresOf = async (names: readonly string[]) => {
        const figures: SuiteFigure[] = [];
        for (const name of names) {
          const bytes = await found(path.join(folder, name), room);
          room -= bytes.length;
          figures.push(name.endsWith('.png') ? { name, png: bytes } : { name, svg: drawing(bytes) });
        }
        return figures;
      };
      const read = [];
      for (const section of sections) read.push({ ...section, figures: await figuresOf(section.figures) });
      return { ...page, folder, sections: read };
    },
    async 'suites.report'({ model, id }) {
      const folder = await suiteFolder(dataFolder, model, id);
      const bytes = await found(path.join(folder, 'report.html'), largest);
      return { name: `${path.basename(folder)}.html`, bytes };
    },
  };
}

/** @throws AppError NOT_FOUND for a model that no suite has judged; BAD_OPTION for an id that is no folder's name. */
async function suiteFolder(dataFolder: string, model: string, id: string): Promise<string> {
  if (id) {
    if (!/^\w[\w-]*$/.test(id)) throw new AppError('BAD_OPTION', `'${id}' is not the name of a suite.`);
    return path.join(suitesFolder(dataFolder), id);
  }
  const judged = await readJudged(dataFolder, model);
  if (judged?.folder === undefined)
    throw new AppError('NOT_FOUND', `No suite has judged '${model}'.`, 'Judge it, or: lowland evaluate --suite.');
  return judged.folder;
}

const drawing = (bytes: Uint8Array): string => {
  const svg = new TextDecoder().decode(bytes);
  checkedSvg(svg);
  return svg;
};

const found = (file: string, most: number): Promise<Uint8Array> =>
  readBounded(file, most, 'read what a suite found', 'Open its folder instead.');
