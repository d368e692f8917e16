/** Plain cross-entropy: the natural classifier whose energy is sharp and high around real images. */
import { defineObjective } from './objective';
import { crossEntropyLoss } from './parts';

export const natural = defineObjective({
  id: 'natural',
  title: 'Natural',
  summary: 'Cross-entropy on clean images.',
  reference: 'Baseline',
  options: {},
  points: () => ({}),
  loss: (model, { x, y }) => crossEntropyLoss(model.logits(x), y, 'clean'),
});
