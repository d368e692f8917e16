/** What models make of images: of a whole split, of a few, of one under attack. */
import { budgetedOptions } from '../../attacks/budgets';
import { attackRegistry } from '../../attacks/registry';
import type { HandlersOf } from '../../contract/api';
import { AppError } from '../../lib/errors';
import { subjectImage } from '../library/desk';
import { type EngineDesk, checkFit } from './desk';
import { attackPreview } from './scores/attack-preview';
import { judge } from './scores/judge';
import { compileScores } from './scores/split-scores';

export const scoreHandlers = (
  desk: EngineDesk,
): Pick<HandlersOf<'engine'>, 'datasets.scores' | 'models.judge' | 'models.attack'> => ({
  'datasets.scores': async function* ({ model: name, dataset, side, limit, attack, seed }, { signal, after }) {
    const data = await desk.dataset(dataset);
    const batches = await desk.withModel(name, async (model, engine) => {
      checkFit(model, data);
      const chosen = attack && attackPlan(attack, model.classifier.inputShape[2]);
      const plan = { seed, limit, skip: after + 1, attack: chosen };
      return compileScores(engine, desk.compile, model.classifier, data[side], plan);
    });
    yield* batches(signal);
  },
  async 'models.judge'({ models, images }, { signal }) {
    const judgements = [];
    for (const name of models) judgements.push(await desk.withModel(name, (model) => judge(model, images, signal)));
    return judgements;
  },
  async 'models.attack'({ model: name, subject, ...wanted }) {
    const image = await subjectImage(desk, subject);
    return desk.withModel(name, async (model, engine) => {
      if (image.dataset) checkFit(model, image.dataset);
      return attackPreview(model, image, wanted, engine, desk.compile);
    });
  },
});

/** @throws AppError UNKNOWN_NAME, BAD_OPTION; a targeted attack has no class to aim at for a whole split. */
function attackPlan(
  { attack, options: given }: { attack: string; options: Readonly<Record<string, unknown>> },
  channels: number,
) {
  const entry = attackRegistry.get(attack);
  const options = budgetedOptions(entry, given, channels);
  if (options.targeted === true)
    throw new AppError('BAD_OPTION', 'Robust or not is told by untargeted attacks.', "Turn 'targeted' off.");
  return { entry, options };
}
