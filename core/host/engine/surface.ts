/** Energy round real images for windows: planes that refine, walks over them, flatness, and energies of kinds of images. */
import { budgetedOptions } from '../../attacks/budgets';
import { attackRegistry } from '../../attacks/registry';
import type { HandlersOf } from '../../contract/api';
import { AppError } from '../../lib/errors';
import { flatnessPlan } from '../../surface/study';
import { type EngineDesk, checkFit } from './desk';
import { settlingFlatness } from './surface/flatness';
import { held } from './surface/held';
import { kindEnergies } from './surface/kinds';
import { refinedPlane } from './surface/plane';
import { offsetOf, sceneOf } from './surface/scene';
import { walkOf } from './surface/walk';

type Surface = 'surface.plane' | 'surface.walk' | 'surface.flatness' | 'surface.energies';

export const surfaceHandlers = (desk: EngineDesk): Pick<HandlersOf<'engine'>, Surface> => ({
  'surface.plane': async function* ({ model: name, range, resolution, ...question }, { signal }) {
    if (resolution % 2 === 0)
      throw new AppError('BAD_OPTION', `The resolution is ${resolution}; it must be odd.`, `Use ${resolution + 1}.`);
    const levels = await desk.withModel(name, async (model, engine) => {
      const scene = await sceneOf(desk, model, engine, question, signal);
      const offset = await offsetOf(desk, scene, engine, signal);
      return refinedPlane(engine, desk.compile, scene, { range, resolution, offset });
    });
    yield* levels(signal);
  },
  'surface.walk': ({ model: name, ...question }, { signal }) =>
    desk.withModel(name, async (model, engine) =>
      walkOf(await sceneOf(desk, model, engine, question, signal), question, engine, desk.compile, signal),
    ),
  'surface.flatness': async function* ({ model: name, dataset, side, images, norm, eps, seed }, { signal }) {
    const split = (await desk.dataset(dataset))[side];
    const engine = await desk.engine();
    const own = await holdFitting(desk, name, dataset);
    const plan = flatnessPlan(engine, split.shape, norm, eps);
    yield* settlingFlatness(engine, own, split, { images, plan, seed }, signal);
  },
  'surface.energies': async function* ({ model: name, dataset, side, attack, options, ...rest }, { signal }) {
    const entry = attackRegistry.get(attack);
    const split = (await desk.dataset(dataset))[side];
    const engine = await desk.engine();
    const chosen = { attack: entry, options: budgetedOptions(entry, options, split.shape[2]) };
    if (chosen.options.targeted === true)
      throw new AppError('BAD_OPTION', 'Images are compared under untargeted attacks.', "Turn 'targeted' off.");
    const own = await holdFitting(desk, name, dataset);
    yield* kindEnergies(engine, own, split, { ...rest, attack: chosen, compile: desk.compile }, signal);
  },
});

/** @throws AppError as findModel; BAD_DATA where model and dataset do not fit. */
const holdFitting = (desk: EngineDesk, name: string, dataset: string) =>
  desk.withModel(name, async (model) => {
    checkFit(model, await desk.dataset(dataset));
    return held(model.classifier);
  });
