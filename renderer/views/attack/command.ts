/** What to type to measure a cell again. */
import type { Evaluation, EvaluationCell } from '../../../core/contract/areas/evaluations';

const quoted = (text: string): string => (/^[\w./:=,@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

export function commandOf(
  { plan, images }: Pick<Evaluation, 'plan' | 'images'>,
  cell: Extract<EvaluationCell, { kind: 'attack' }>,
): string {
  const { eps, ...options } = cell.options;
  return [
    `lowland attack ${quoted(plan.model)} --attack ${cell.attack}`,
    `--data ${quoted(plan.dataset)} --split ${plan.side}`,
    `--n ${images} --batch ${plan.batch} --seed ${plan.seed} --eps ${String(eps ?? cell.eps)}`,
    ...Object.entries(options).map(([name, value]) => `--set ${quoted(`${name}=${String(value)}`)}`),
  ].join(' ');
}
