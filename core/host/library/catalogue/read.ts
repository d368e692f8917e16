/** The registries and presets as data. */
import { attackRegistry } from '../../../attacks/registry';
import { autoattackEntry } from '../../../attacks/versions';
import type { Catalogue, CatalogueEntry } from '../../../contract/areas/catalogue';
import { transformRegistry } from '../../../data/transforms';
import type { Entry, Registry } from '../../../lib/registry';
import { modelRegistry } from '../../../models/registry';
import { objectiveRegistry } from '../../../objectives/registry';
import { samplerRegistry } from '../../../sampling/registry';
import { type StartId, startIds } from '../../../sampling/starts';
import { trainingOptions } from '../../../training/configuration';
import { optimiserRegistry } from '../../../training/optimiser';
import { listPresets } from '../../../training/presets';
import { scheduleRegistry } from '../../../training/schedule';

const starts: Readonly<Record<StartId, { title: string; summary: string }>> = {
  uniform: { title: 'Uniform noise', summary: 'Every value drawn evenly from 0 to 1.' },
  'class-gaussian': {
    title: 'Class Gaussian',
    summary: 'Drawn from a normal distribution fitted to images of the class.',
  },
  'class-pca': {
    title: 'Class PCA',
    summary: 'The mean image of the class with a little of its principal components.',
  },
  image: { title: 'An image', summary: 'From an image of your own, or from a part of it.' },
};

export async function readCatalogue(): Promise<Catalogue> {
  const presets = await listPresets();
  return {
    presets: presets.map(({ id, title, summary, source, dataset, objective }) => ({
      id,
      title,
      summary,
      source,
      dataset,
      objective: objective.id,
    })),
    parts: {
      model: entries(modelRegistry),
      objective: entries(objectiveRegistry),
      optimiser: entries(optimiserRegistry),
      schedule: entries(scheduleRegistry),
    },
    training: trainingOptions,
    attacks: entries(attackRegistry),
    suites: [autoattackEntry],
    samplers: entries(samplerRegistry),
    transforms: entries(transformRegistry),
    starts: startIds.map((id) => ({ id, ...starts[id] })),
  };
}

/** Only what is data: functions stay here. */
const entries = (registry: Registry<Entry>): CatalogueEntry[] =>
  registry.all.map(({ id, title, summary, reference, options }) => ({ id, title, summary, reference, options }));
