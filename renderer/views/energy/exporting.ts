/** What "Export" makes of that which is shown. */
import { platform } from '../../platform/platform';
import { exportFigure } from '../../state/exports.svelte';
import { toasts } from '../../state/toasts.svelte';
import { courseFigure, histogramOf, landscapeFigure, quiverOf } from './exports';
import { flatnessCsv } from './flatness-columns';
import type { EnergyState } from './state.svelte';

/** The figures of each model's energies. */
export const energyExports = (scene: EnergyState): { label: string; run: () => void }[] =>
  scene.distributions.models.flatMap((model) => [
    { label: `Histogram of ${scene.title(model.model)}`, run: () => exportFigure(histogramOf(scene, model)) },
    { label: `Arrows of ${scene.title(model.model)}`, run: () => exportFigure(quiverOf(scene, model)) },
  ]);

/** Exports what is shown; undefined while there is nothing. */
export function exportOf(scene: EnergyState): (() => void) | undefined {
  const { training } = scene;
  if (scene.show === 'landscape') {
    const figure = landscapeFigure(scene);
    return figure && (() => exportFigure(figure));
  }
  if (scene.show === 'distributions') return energyExports(scene)[0]?.run;
  if (scene.show === 'flatness') return scene.flatness.rows.length > 0 ? () => void saveFlatness(scene) : undefined;
  const { course } = training.history;
  return course.evaluations.length > 0
    ? () => exportFigure(courseFigure(course, training.run, training.row))
    : undefined;
}

async function saveFlatness({ flatness, dataset }: EnergyState): Promise<void> {
  try {
    await platform.save(`flatness-${dataset}.csv`, new TextEncoder().encode(flatnessCsv(flatness.rows)), 'text/csv');
  } catch (error) {
    toasts.error(error);
  }
}
