/**
 * Adversarial training: cross-entropy at x~, the worst point that an attack finds in the ball round x.
 * PGD-AT climbs CE (Madry et al. 2018); FGSM-RS one long step from a random start (Wong et al. 2020); PreJEAT climbs the joint
 * energy E(x,y) instead (Zhu et al. 2021; its exact definition is not published, this is the most likely one).
 */
import { type ObjectiveEntry, defineObjective } from './objective';
import { crossEntropyLoss, innerAttack, innerPoint } from './parts';

type InnerSchema = ReturnType<typeof innerAttack>;
type About = { id: string; title: string; summary: string; reference: string; options: InnerSchema };

const adversarialObjective = (about: About): ObjectiveEntry<InnerSchema> =>
  defineObjective({
    ...about,
    points: (model, { x, y }, options, random) => ({ adversarial: innerPoint(model, x, y, options, random) }),
    loss: (model, { x, y }, { adversarial = x }) => crossEntropyLoss(model.logits(adversarial), y, 'adversarial'),
  });

export const pgdAt = adversarialObjective({
  id: 'pgd-at',
  title: 'PGD-AT',
  summary: 'Adversarial training: cross-entropy at the end of a PGD attack.',
  reference: 'arXiv 1706.06083, eq. 2.1',
  options: innerAttack(10, 'ce', '2/255'),
});

export const fgsmRs = adversarialObjective({
  id: 'fgsm-rs',
  title: 'FGSM-RS AT',
  summary: 'Fast adversarial training: one long step from a random start.',
  reference: 'arXiv 2001.03994, algorithm 3',
  options: innerAttack(1, 'ce', '10/255'),
});

export const preJeat = adversarialObjective({
  id: 'prejeat',
  title: 'PreJEAT',
  summary: 'Cross-entropy at points of high joint energy E(x,y) in the ball.',
  reference: 'arXiv 2108.09093, section 4 (reconstruction)',
  options: innerAttack(5, 'joint', '2/255'),
});
