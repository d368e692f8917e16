/** The cells of evaluations as columns of one matrix: an attack with its options is a group, each radius a column. */
import type { CatalogueEntry } from '../../../core/contract/areas/catalogue';
import type { CellPlan, Evaluation, EvaluationCell } from '../../../core/contract/areas/evaluations';
import type { Json } from '../../../core/lib/json';
import { distance, real, words } from '../../lib/format';
import type { MatrixCell, MatrixGroup } from '../../plots/matrix/matrix';

type AttackPlan = Exclude<CellPlan, { kind: 'clean' }>;

/** Evaluations of one set can stand side by side. */
export const setOf = ({ plan: { dataset, side, norm } }: Pick<Evaluation, 'plan'>): string =>
  `${dataset} · ${side} · ${norm}`;

/** Options apart from the ball, and from steps that are the usual quarter of its radius. */
function ownOptions({ options, eps }: AttackPlan): [name: string, value: Json][] {
  return Object.entries(options).flatMap(([name, value]) => {
    const usual = name === 'step' && typeof value === 'number' && Math.abs(value - eps / 4) < 1e-9;
    return name === 'norm' || name === 'eps' || usual || value === undefined ? [] : [[name, value]];
  });
}

export const groupId = (cell: CellPlan): string =>
  cell.kind === 'clean' ? 'clean' : `${cell.attack} ${JSON.stringify(ownOptions(cell).sort())}`;
export const columnId = (cell: CellPlan): string =>
  cell.kind === 'clean' ? 'clean' : `${groupId(cell)} @ ${cell.eps}`;

/** 'PGD-20': with its steps, where it takes several. */
export function attackTitle(cell: CellPlan): string {
  if (cell.kind === 'clean') return 'Clean';
  const { steps } = cell.options;
  return typeof steps === 'number' ? `${cell.title}-${steps}` : cell.title;
}

/** Options that are not the usual ones: 'restarts 5, loss dlr'. */
export function attackDetail(cell: CellPlan, attacks: readonly CatalogueEntry[]): string {
  if (cell.kind === 'clean') return '';
  const schema = attacks.find(({ id }) => id === cell.attack)?.options ?? {};
  return ownOptions(cell)
    .filter(([name, value]) => name !== 'steps' && schema[name] !== undefined && schema[name].default !== value)
    .map(([name, value]) => `${words(name).toLowerCase()} ${typeof value === 'number' ? real(value) : String(value)}`)
    .join(', ');
}

/** Groups of all cells, the clean one first; radii rise. */
export function groupsOf(evaluations: readonly Evaluation[], attacks: readonly CatalogueEntry[]): MatrixGroup[] {
  const cells = evaluations.flatMap((each) => each.cells);
  return [...new Set(cells.map(groupId))].map((id) => {
    const own = cells.filter((cell) => groupId(cell) === id);
    const [first] = own;
    const detail = first ? attackDetail(first, attacks) : '';
    const radii = [...new Set(own.map((cell) => (cell.kind === 'clean' ? 0 : cell.eps)))].sort((a, b) => a - b);
    return {
      id,
      title: first ? attackTitle(first) : id,
      ...(detail ? { detail } : {}),
      columns: radii.map((eps) => ({
        id: id === 'clean' ? id : `${id} @ ${eps}`,
        title: id === 'clean' ? 'no attack' : distance(eps),
      })),
    };
  });
}

/** What the matrix shows of a cell. */
export const matrixCell = ({ accuracy, images }: EvaluationCell, of: Evaluation): MatrixCell => ({
  value: accuracy,
  ...(images < of.images ? { share: images / of.images } : {}),
});

/** All of its images are measured. */
export const isWhole = ({ images }: EvaluationCell, of: Evaluation): boolean => images === of.images;
