/** What figures call models: the method that trained them, as 'PGD-AT' for the objective 'pgd-at'. */
import type { ModelCard } from '../models/card';
import { objectiveRegistry } from '../objectives/registry';

export interface NamedModel {
  readonly name: string;
  /** Id of the objective, where the card says it. */
  readonly objective: ModelCard['objective'];
}

/** Each with the title of its objective, or its name where the card says none that we know or another has the same title. */
export function titled<T extends NamedModel>(models: readonly T[]): (T & { readonly title: string })[] {
  const known = new Map(objectiveRegistry.all.map(({ id, title }) => [id, title]));
  const titleOf = ({ name, objective = '' }: NamedModel) => known.get(objective) ?? name;
  const all = models.map(titleOf);
  const shared = (title: string) => all.indexOf(title) !== all.lastIndexOf(title);
  return models.map((model) => ({ ...model, title: shared(titleOf(model)) ? model.name : titleOf(model) }));
}
