/** Generation for windows: sessions of chains that are opened, moved, sent back to their start, and closed. */
import type { HandlersOf } from '../../contract/api';
import { AppError } from '../../lib/errors';
import { recipeFor } from '../../sampling/recipe';
import { samplerRegistry } from '../../sampling/registry';
import type { EngineDesk, OpenModel } from './desk';
import { SamplingSession } from './sampling/session';
import { Sessions } from './sampling/sessions';
import { type SamplingPlan, labelsOf, startImages } from './sampling/start';

type Sampling = 'sampling.open' | 'sampling.advance' | 'sampling.rewind' | 'sampling.close';

export function samplingHandlers(desk: EngineDesk): Pick<HandlersOf<'engine'>, Sampling> {
  const sessions = new Sessions();
  return {
    'sampling.open': (plan, { signal }) =>
      desk.withModel(plan.model, async (model, engine) => {
        checkPlan(model, plan);
        const sampler = samplerRegistry.get(plan.sampler);
        const labels = labelsOf(model, plan);
        const start = await startImages(desk, model, plan, labels, signal);
        const { classifier, classes } = model;
        const { seed, conditional, mask } = plan;
        const parts = {
          engine,
          compile: desk.compile,
          model: classifier,
          sampler,
          seed,
          labels,
          conditional,
          start,
          mask,
        };
        const { name, session } = await sessions.add(() => new SamplingSession(parts));
        const shape = classifier.inputShape;
        // from an own image to a class is as far as from noise
        const recipe = recipeFor(sampler, plan.start === 'image' ? 'uniform' : plan.start, shape);
        return { session: name, shape, classes, labels, recipe, frame: await session.frame() };
      }),
    'sampling.advance': async ({ session, steps, options }, { signal }) =>
      sessions.get(session).advance(steps, options, signal),
    'sampling.rewind': async ({ session }) => sessions.get(session).rewind(),
    'sampling.close': async ({ session }) => {
      await sessions.close(session);
      return null;
    },
  };
}

/** @throws AppError BAD_OPTION for what does not fit the model. */
function checkPlan(
  { name, classifier: { inputShape, classes } }: OpenModel,
  { classes: asked, mask, start }: SamplingPlan,
): void {
  const [height, width, channels] = inputShape;
  if (channels !== 1 && channels !== 3)
    throw new AppError('BAD_OPTION', `'${name}' works on points, not on images; there is no picture of them.`);
  const unknown = asked.find((label) => label >= classes);
  if (unknown !== undefined)
    throw new AppError('BAD_OPTION', `Class ${unknown} is asked for; '${name}' has classes 0 to ${classes - 1}.`);
  if (mask && start !== 'image')
    throw new AppError(
      'BAD_OPTION',
      "A mask belongs to the start 'image'.",
      "Choose the start 'image', or clear the mask.",
    );
  if (mask && mask.length !== height * width)
    throw new AppError('BAD_OPTION', `The mask has ${mask.length} values; the images have ${height} × ${width}.`);
}
