/** What the sections of a suite that are done say, and which files of its folder are their figures. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { PageSection } from '../host/library/suites/page';
import { type ClassRow, perClass } from '../metrics/per-class';
import { imagesFile } from './evaluate-folder';
import { type SectionId, type Sections, type SuitePlan, sectionsOf } from './suite-sections';
import { told } from './suite-told';

/** The begin of the names of a section's figures. */
const figures: Readonly<Record<SectionId, RegExp>> = {
  robustness: /^robustness-.*\.svg$/,
  curve: /^curve.*\.svg$/,
  calibration: /^reliability.*\.svg$/,
  energies: /^energies.*\.svg$/,
  ood: /^ood.*\.svg$/,
  distances: /^distances.*\.svg$/,
  flatness: /^surface.*\.svg$/,
  generation: /^samples\.png$/,
};

/** Of a model with these classes. */
export async function pageSections(
  folder: string,
  { suite }: SuitePlan,
  measured: Sections,
  classes: readonly string[],
): Promise<PageSection[]> {
  const files = (await readdir(folder)).sort();
  const rows = measured.robustness ? await classRows(folder, classes) : [];
  return sectionsOf(suite).flatMap(({ id, title }): PageSection[] => {
    const found = measured[id];
    if (!found) return [];
    const { text, table } = told(id, found, rows);
    return [{ id, title, text, table, figures: files.filter((name) => figures[id].test(name)) }];
  });
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
