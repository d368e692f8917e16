/** The card of a suite: the few numbers that models are compared by, RobustBench's fields, and all that was measured. */
import * as v from 'valibot';
import type { ModelCard } from '../models/card';
import type { Judged } from '../models/judged';
import type { SuitePlan, Sections } from './suite-sections';

const robustness = v.looseObject({
  images: v.number(),
  clean: v.number(),
  radii: v.array(
    v.looseObject({
      norm: v.string(),
      eps: v.number(),
      robust: v.number(),
      attacks: v.array(v.looseObject({ id: v.string(), robust: v.number(), seconds: v.number() })),
    }),
  ),
  flags: v.array(v.looseObject({ sentence: v.string() })),
});
const calibration = v.looseObject({
  ece15: v.number(),
  accuracy: v.number(),
  confidence: v.number(),
  brier: v.number(),
  nll: v.number(),
  scaling: v.nullable(v.looseObject({ temperature: v.number(), after: v.looseObject({ ece15: v.number() }) })),
});
const ranking = v.looseObject({ auroc: v.number(), fprAt95: v.number() });
const ood = v.looseObject({
  against: v.array(
    v.looseObject({
      against: v.string(),
      scores: v.looseObject({ 'max-p': ranking, energy: ranking, gradient: ranking }),
    }),
  ),
});
const flatness = v.looseObject({
  flatness: v.record(v.string(), v.optional(v.looseObject({ maxOverGap: v.number(), gradientNorm: v.number() }))),
});
const energies = v.looseObject({
  attacks: v.array(
    v.looseObject({
      id: v.string(),
      robust: v.number(),
      marginal: v.looseObject({ change: v.number() }),
      joint: v.looseObject({ change: v.number() }),
    }),
  ),
  facts: v.array(v.looseObject({ sentence: v.string(), verdict: v.string() })),
});
const distances = v.looseObject({
  results: v.array(
    v.looseObject({ attack: v.string(), norm: v.string(), median: v.nullable(v.number()), images: v.number() }),
  ),
});
const generation = v.looseObject({
  /** Why nothing was judged. */
  skipped: v.optional(v.string(), ''),
  features: v.optional(v.looseObject({ name: v.string() })),
  titles: v.optional(v.looseObject({ frechet: v.string(), score: v.string() })),
  score: v.optional(v.looseObject({ mean: v.number(), std: v.number() })),
  frechet: v.optional(v.array(v.looseObject({ images: v.number(), value: v.number() })), []),
  manifolds: v.optional(
    v.looseObject({ precision: v.number(), recall: v.number(), density: v.number(), coverage: v.number() }),
  ),
  cautions: v.optional(v.array(v.string()), []),
});
const curve = v.looseObject({
  eps: v.array(v.number()),
  attacks: v.array(v.looseObject({ title: v.string(), accuracy: v.array(v.number()) })),
});

/** What of each section's result is read. */
export const sectionSchemas = { robustness, calibration, ood, energies, flatness, distances, generation, curve };

/** What the card says of the sections; absent where a suite leaves a section out. */
const readSections = (sections: Sections) => ({
  robustness: v.parse(robustness, sections.robustness),
  calibration: v.parse(calibration, sections.calibration),
  ood: v.parse(ood, sections.ood),
  generation: sections.generation && v.parse(generation, sections.generation),
});
type ReadSections = ReturnType<typeof readSections>;

/** Of E(x,y) round the model's images, where it was measured. */
export const flatnessOf = (sections: Sections) => Object.values(v.parse(flatness, sections.flatness).flatness)[0];

export interface CardAbout {
  readonly plan: SuitePlan;
  readonly model: string;
  readonly weights: string;
  readonly dataset: string;
  readonly seed: number;
  readonly engine: string;
  readonly card: ModelCard;
}

export function suiteCard(
  { plan, model, weights, dataset, seed, engine, card }: CardAbout,
  sections: Sections,
): Judged {
  const read = readSections(sections);
  const { images, clean, radii } = read.robustness;
  const [{ norm, eps, robust, attacks } = { norm: plan.norm, eps: 0, robust: 0, attacks: [] }] = radii;
  const whole = plan.suite !== 'quick';
  const percent = (share: number) => (100 * share).toFixed(2);
  const aurocs = read.ood.against.map(({ scores }) => scores.energy.auroc);
  return {
    format: 1,
    model,
    weights,
    suite: plan.suite,
    dataset,
    split: plan.split,
    images,
    seed,
    engine,
    date: new Date().toISOString(),
    clean,
    robust: {
      by: whole ? 'AutoAttack' : attacks.map(({ id }) => id).join(', '),
      norm,
      eps,
      accuracy: robust,
      images,
    },
    ece: read.calibration.ece15,
    auroc: aurocs.reduce((sum, value) => sum + value, 0) / aurocs.length,
    ...frechetOf(read.generation),
    // as RobustBench writes its model_info files; what nobody told us is null
    robustbench: {
      name: card.title ?? model,
      dataset,
      architecture: card.architecture ?? null,
      eps: norm === 'linf' && dataset.startsWith('cifar') ? `${Number((eps * 255).toPrecision(6))}/255` : String(eps),
      clean_acc: percent(clean),
      autoattack_acc: whole ? percent(robust) : null,
      reported: null,
      additional_data: null,
      number_forward_passes: 1,
      link: null,
      authors: null,
      venue: null,
      footnote: `${images} ${plan.split} images, seed ${seed}${whole ? '' : '; AutoAttack was not run'}.`,
    },
    sections,
  };
}

function frechetOf(generation: ReadSections['generation']): Pick<Judged, 'frechet'> {
  const last = generation?.frechet.at(-1);
  const features = generation?.features?.name;
  return last && features ? { frechet: { features, distance: last.value, images: last.images } } : {};
}
