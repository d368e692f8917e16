/** The robustness curves of models that were evaluated: the newest evaluation of each on the same images and norm. */
import type { Evaluation } from '../../../core/contract/areas/evaluations';
import { setOf } from '../attack/columns';
import type { NamedEvaluation } from '../attack/figures';

export interface EvaluatedModel {
  readonly title: string;
  readonly method: string;
  readonly colour: string;
  /** The newest first. */
  readonly evaluations: readonly Evaluation[];
}

/** The set that most of the models were evaluated on, with their evaluations; undefined where none was. */
export function commonEvaluations(
  models: readonly EvaluatedModel[],
): { readonly set: string; readonly named: readonly NamedEvaluation[] } | undefined {
  const done = models.map((model) => model.evaluations.filter(({ cells }) => cells.some(({ images }) => images > 0)));
  const sets = [...new Set(done.flat().map(setOf))];
  const having = (set: string) => done.filter((own) => own.some((each) => setOf(each) === set)).length;
  const [set] = sets.sort((a, b) => having(b) - having(a));
  if (set === undefined) return undefined;
  const named = models.flatMap(({ title, method, colour }, i) => {
    const evaluation = done[i]?.find((each) => setOf(each) === set);
    return evaluation ? [{ evaluation, title, method, colour }] : [];
  });
  return { set, named };
}
