/** The image that the inspector shows. */
import type { Side } from '../../../core/contract/areas/common';
import type { Shape } from '../../lib/pixels';

export interface Subject {
  readonly dataset: string;
  readonly side: Side;
  readonly index: number;
  readonly shape: Shape;
  /** float32 [h, w, c] in [0,1]. */
  readonly pixels: Float32Array<ArrayBuffer>;
  readonly label: number;
  readonly classes: readonly string[];
  /** The customary radius of an attack, by norm. */
  readonly budgets: Readonly<Record<'linf' | 'l2' | 'l1', number>>;
}

export const className = ({ classes }: Pick<Subject, 'classes'>, label: number): string =>
  classes[label] ?? `class ${label}`;
/** Points of a toy are no images. */
export const isPoint = ([height, width]: readonly [number, number, number]): boolean => height * width === 1;
