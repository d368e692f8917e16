/** The columns of the table of models. */
import type { ModelRow } from '../../../core/contract/areas/models';
import type { Column } from '../../components/table';
import { count, percent, real } from '../../lib/format';
import { flatnessOf, robustUnder, sourceNames, titleOf } from './facts';

export const columns: readonly Column<ModelRow>[] = [
  { id: 'model', title: 'Model', value: titleOf },
  { id: 'dataset', title: 'Dataset', value: ({ card }) => card?.dataset, width: 104 },
  { id: 'objective', title: 'Objective', value: ({ card }) => card?.objective, width: 80 },
  {
    id: 'clean',
    title: 'Clean',
    value: ({ card, judged }) => card?.clean ?? judged?.clean,
    text: ({ card, judged }) => percent(card?.clean ?? judged?.clean ?? NaN),
    help: 'Accuracy on clean images',
    numeric: true,
    highFirst: true,
    width: 68,
  },
  {
    id: 'robust',
    title: 'Robust',
    value: ({ card }) => card?.robust?.accuracy,
    text: ({ card }) => percent(card?.robust?.accuracy ?? NaN),
    help: 'Accuracy under the attack beside it',
    numeric: true,
    highFirst: true,
    width: 68,
  },
  { id: 'under', title: 'Attack', value: ({ card }) => robustUnder(card ?? {}) || undefined, width: 124 },
  {
    id: 'suite',
    title: 'Suite',
    value: ({ judged }) => judged?.robust.accuracy,
    text: ({ judged }) => percent(judged?.robust.accuracy ?? NaN),
    help: 'Accuracy after all attacks of lowland evaluate --suite: AutoAttack in a standard or full one',
    numeric: true,
    highFirst: true,
    width: 68,
  },
  {
    id: 'flatness',
    title: 'Flatness',
    value: ({ card }) => flatnessOf(card),
    text: ({ card }) => (flatnessOf(card) === undefined ? '–' : real(flatnessOf(card) ?? NaN, 3)),
    help: 'Largest rise of E(x,y) in the ball over the gap between the labels: lower is flatter',
    numeric: true,
    width: 72,
  },
  {
    id: 'parameters',
    title: 'Parameters',
    value: ({ card }) => card?.parameters,
    text: ({ card }) => (card?.parameters === undefined ? '–' : count(card.parameters)),
    numeric: true,
    highFirst: true,
    width: 86,
  },
  {
    id: 'source',
    title: 'Source',
    value: ({ source, problem }) => (problem ? 'damaged' : sourceNames[source]),
    width: 86,
  },
];
