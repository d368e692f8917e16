/** Clean and robust accuracy class by class, with the counts that they come from. */
import { AppError } from '../lib/errors';

export interface ClassRow {
  readonly name: string;
  readonly images: number;
  readonly cleanCorrect: number;
  readonly robustCorrect: number;
  /** Shares of the class's images; null where it has none. */
  readonly clean: number | null;
  readonly robust: number | null;
}

/** Verdicts of a measurement's images in their order: those of `RobustnessResult.perImage`. */
export interface Verdicts {
  readonly labels: ArrayLike<number>;
  readonly clean: readonly boolean[];
  readonly adversarial: readonly boolean[];
}

/** A row for each class. An image counts as robust when it is right both clean and attacked. @throws AppError BAD_DATA. */
export function perClass({ labels, clean, adversarial }: Verdicts, classes: readonly string[]): ClassRow[] {
  const n = labels.length;
  if (clean.length !== n || adversarial.length !== n)
    throw new AppError(
      'BAD_DATA',
      `${clean.length} clean and ${adversarial.length} attacked verdicts are not ${n} images.`,
    );
  const counts = classes.map((name) => ({ name, images: 0, cleanCorrect: 0, robustCorrect: 0 }));
  for (let i = 0; i < n; i++) {
    const row = counts[labels[i] ?? -1];
    if (!row)
      throw new AppError('BAD_DATA', `Image ${i} has the label ${labels[i]}; there are ${classes.length} classes.`);
    row.images++;
    if (clean[i]) row.cleanCorrect++;
    if (clean[i] && adversarial[i]) row.robustCorrect++;
  }
  const of = (count: number, images: number) => (images > 0 ? count / images : null);
  return counts.map((row) => ({
    ...row,
    clean: of(row.cleanCorrect, row.images),
    robust: of(row.robustCorrect, row.images),
  }));
}
