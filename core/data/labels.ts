/** Labels are classes. */
import { AppError } from '../lib/errors';

/** @throws AppError BAD_DATA naming the first label that is no class. */
export function checkLabels(labels: Int32Array, classes: number, where: string): void {
  const at = labels.findIndex((label) => !(label >= 0 && label < classes));
  if (at >= 0)
    throw new AppError(
      'BAD_DATA',
      `Label ${labels[at]} of image ${at} in '${where}' is no class: there are classes 0 to ${classes - 1}.`,
      'The file is damaged or another one.',
    );
}
