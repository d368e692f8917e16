/** Evaluations as the figures and the table that are exported, and as the curves on the screen; from the same numbers. */
import type { CatalogueEntry } from '../../../core/contract/areas/catalogue';
import type { Evaluation } from '../../../core/contract/areas/evaluations';
import type { FigureData } from '../../../core/figures/registry';
import { type ThemeName, coloursFor } from '../../../core/figures/theme';
import { csvTable } from '../../../core/lib/csv';
import type { CurveSeries } from '../../plots/curve/curve';
import { distance } from '../../lib/format';
import { attackDetail, attackTitle, columnId, groupId, groupsOf, isWhole, setOf } from './columns';

/** An evaluation as it is named among others. */
export interface NamedEvaluation {
  readonly evaluation: Evaluation;
  readonly title: string;
  /** What trained the model: chooses its colour. */
  readonly method: string;
  readonly colour: string;
}

/** Names and colours: a model that was evaluated more than once is numbered; the first of a method has its colour, as in figures. */
export function namedOf(
  evaluations: readonly Evaluation[],
  theme: ThemeName,
  methodOf: (model: string) => string,
): NamedEvaluation[] {
  const methods = evaluations.map(({ plan }) => methodOf(plan.model));
  const colours = coloursFor(methods, theme);
  return evaluations.map((evaluation, i) => {
    const { model } = evaluation.plan;
    const twins = evaluations.filter(({ plan }) => plan.model === model);
    const title = twins.length > 1 ? `${model} (${1 + twins.indexOf(evaluation)})` : model;
    const method = methods[i] ?? model;
    return { evaluation, title, method: methods.indexOf(method) === i ? method : title, colour: colours[i] ?? '' };
  });
}

/** Dashes tell attacks apart, as in the exported curve. */
const dashes = [undefined, '6 4', '2 3', '8 3 2 3', '1 4'];

/** In what eps is written: n/255 where all radii are such. */
export function radiusUnit(evaluations: readonly Evaluation[]): { readonly factor: number; readonly unit: string } {
  const norm = evaluations[0]?.plan.norm ?? 'linf';
  const radii = evaluations.flatMap(({ plan }) => plan.eps).filter((eps) => eps > 0);
  const levels = radii.length > 0 && radii.every((eps) => distance(eps).endsWith('/255'));
  return levels ? { factor: 255, unit: `${norm}, n/255` } : { factor: 1, unit: norm };
}

interface Line {
  readonly id: string;
  readonly attack: string;
  readonly points: readonly (readonly [eps: number, accuracy: number])[];
}
/** Whole cells of each attack, from the clean point on. */
function linesOf(evaluation: Evaluation, attacks: readonly CatalogueEntry[]): Line[] {
  const whole = evaluation.cells.filter((cell) => isWhole(cell, evaluation));
  const clean = whole.find(({ kind }) => kind === 'clean');
  const ids = [...new Set(whole.filter(({ kind }) => kind === 'attack').map(groupId))];
  return ids.map((id) => {
    const own = whole.filter((cell) => groupId(cell) === id);
    const [first] = own;
    const points = own.map((cell): [number, number] => [cell.kind === 'attack' ? cell.eps : 0, cell.accuracy]);
    const all: [number, number][] = clean ? [[0, clean.accuracy], ...points] : points;
    const attack = first ? [attackTitle(first), attackDetail(first, attacks)].filter(Boolean).join(', ') : id;
    return { id, attack, points: all.sort(([a], [b]) => a - b) };
  });
}

export function curveSeries(named: readonly NamedEvaluation[], attacks: readonly CatalogueEntry[]): CurveSeries[] {
  const { factor } = radiusUnit(named.map(({ evaluation }) => evaluation));
  const lines = named.map(({ evaluation }) => linesOf(evaluation, attacks));
  const names = [...new Set(lines.flat().map(({ attack }) => attack))];
  return named.flatMap(({ evaluation, title, colour }, i) =>
    (lines[i] ?? []).map(({ id, attack, points }) => ({
      id: `${evaluation.id} ${id}`,
      label: `${title}, ${attack}`,
      colour,
      dash: dashes[names.indexOf(attack) % dashes.length],
      points: points.map(([eps, accuracy]) => [eps * factor, accuracy] as const),
    })),
  );
}

const captionOf = (named: readonly NamedEvaluation[]): { subtitle: string } => {
  const [first] = named;
  const counts = [...new Set(named.map(({ evaluation }) => evaluation.images))].join(' or ');
  return { subtitle: first ? `${setOf(first.evaluation)}, ${counts} images` : '' };
};

export function curveFigure(
  named: readonly NamedEvaluation[],
  attacks: readonly CatalogueEntry[],
): FigureData['robustness-curve'] {
  const { factor, unit } = radiusUnit(named.map(({ evaluation }) => evaluation));
  const clean = named.map(({ evaluation, title }): [string, number] => {
    const cell = evaluation.cells.find(({ kind }) => kind === 'clean');
    return [title, cell && isWhole(cell, evaluation) ? cell.accuracy : NaN];
  });
  return {
    title: 'Accuracy under attack',
    ...captionOf(named),
    unit,
    clean: Object.fromEntries(clean.filter(([, accuracy]) => !Number.isNaN(accuracy))),
    series: named.flatMap(({ evaluation, title, method }) =>
      linesOf(evaluation, attacks).map(({ attack, points }) => ({
        model: title,
        method,
        attack,
        eps: points.map(([eps]) => eps * factor),
        accuracy: points.map(([, accuracy]) => accuracy),
      })),
    ),
  };
}

/** What is not measured on all images is left open. */
export function matrixFigure(
  named: readonly NamedEvaluation[],
  attacks: readonly CatalogueEntry[],
): FigureData['attack-matrix'] {
  const groups = groupsOf(
    named.map(({ evaluation }) => evaluation),
    attacks,
  );
  const columns = groups.flatMap((group) => group.columns.map((column) => ({ ...column, group })));
  return {
    title: 'Accuracy under attack',
    ...captionOf(named),
    models: named.map(({ title, method }) => ({ title, method })),
    attacks: columns.map(({ id, title, group }) => ({
      title: group.title,
      ...(id === 'clean' ? {} : { detail: [`eps ${title}`, group.detail].filter(Boolean).join(', ') }),
    })),
    accuracy: named.flatMap(({ evaluation }) =>
      columns.map(({ id }) => {
        const cell = evaluation.cells.find((each) => columnId(each) === id);
        return cell && isWhole(cell, evaluation) ? cell.accuracy : NaN;
      }),
    ),
  };
}

/** Every cell with all that it was measured with. */
export const cellTable = (evaluations: readonly Evaluation[]): string =>
  csvTable(
    [
      'model',
      'dataset',
      'side',
      'attack',
      'norm',
      'eps',
      'options',
      'images',
      'accuracy',
      'mean E(x) clean (nats)',
      'mean E(x) attacked (nats)',
      'mean E(x,y) clean (nats)',
      'mean E(x,y) attacked (nats)',
      'seed',
      'batch',
      'engine',
      'created',
    ],
    evaluations.flatMap(({ plan, cells, engines, created }) =>
      cells.map((cell) => [
        plan.model,
        plan.dataset,
        plan.side,
        cell.kind === 'clean' ? 'none' : cell.attack,
        plan.norm,
        cell.kind === 'clean' ? 0 : cell.eps,
        cell.kind === 'clean' ? undefined : cell.options,
        cell.images,
        ...[cell.accuracy, cell.clean.marginal, cell.reached.marginal, cell.clean.joint, cell.reached.joint].map(
          (value) => (Number.isFinite(value) ? value : undefined),
        ),
        plan.seed,
        plan.batch,
        engines.join(' '),
        created,
      ]),
    ),
  );

export const provenanceOf = (named: readonly NamedEvaluation[]): Record<string, string> => {
  const [first] = named;
  return {
    models: named.map(({ evaluation }) => evaluation.plan.model).join(', '),
    evaluations: named.map(({ evaluation }) => evaluation.id).join(', '),
    ...(first
      ? { data: first.evaluation.plan.dataset, side: first.evaluation.plan.side, norm: first.evaluation.plan.norm }
      : {}),
    seeds: [...new Set(named.map(({ evaluation }) => evaluation.plan.seed))].join(', '),
  };
};
