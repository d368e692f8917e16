/** `lowland surface`: the energy of several models round one real image, and how low and flat it is. */
import { type Values, choice, count, real, text } from '../lib/options';
import { defineCommand } from './command';

const options = {
  models: text('natural,at,prejeat,jeat', 'Models, separated by commas.'),
  data: text('', 'Dataset; by default the one the first model was trained on.'),
  image: count(0, 'Which test image.'),
  energy: choice(['joint', 'marginal'], 'joint', 'E(x,y) or E(x).'),
  resolution: count(41, 'Points along an axis; odd.', { min: 3, max: 1001 }),
  norm: choice(['linf', 'l2'], 'linf', 'Norm of the range and of the ball.'),
  range: real(0, 'Largest offset along an axis; 0 for three times the radius of the ball.', { min: 0 }),
  directions: choice(['random', 'adversarial'], 'random', 'Two random ones, or one of an attack and one random.'),
  eps: text('', "Radius of the ball, as '8/255'; by default the customary one of the images."),
  flatnessN: count(64, 'Test images over which flatness is measured; 0 for none.', { max: 1024, unit: 'images' }),
};
export type SurfaceFlags = Values<typeof options>;

export const surfaceCommand = defineCommand({
  id: 'surface',
  summary: 'Draw the energy of models round a real image, and measure its flatness.',
  examples: [
    'lowland surface --models natural,at,prejeat,jeat --data fashion-mnist-mini --image 7 --out energy.svg',
    'lowland surface --models at,jeat --directions adversarial --norm l2 --range 3 --resolution 81',
  ],
  arguments: [],
  options,
  async run(_args, flags, context) {
    const { runSurface } = await import('./surface-run');
    return runSurface(flags, context);
  },
});
