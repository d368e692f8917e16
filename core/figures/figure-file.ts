/** A figure as a file: its id, its data and where they came from, as JSON; what the window saves and `lowland export figure` draws. */
import * as v from 'valibot';
import { AppError } from '../lib/errors';
import type { FigureText } from './frame';
import type { Shape } from './shapes';

/** Nine digits bring every float32 back. */
const plain = (_: string, value: unknown): unknown => {
  if (value instanceof Float32Array)
    return Array.from(value, (each) => (Number.isFinite(each) ? Number(each.toPrecision(9)) : null));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Float64Array);
  return value;
};

/** Typed arrays become lists; what is not finite becomes null. */
export function savedFigure({ figure, data }: { readonly figure: string; readonly data: FigureText }): string {
  const { provenance = {}, ...rest } = data;
  return `${JSON.stringify({ figure, data: rest, provenance }, plain)}\n`;
}

const fileSchema = v.strictObject({
  figure: v.string(),
  data: v.record(v.string(), v.unknown()),
  provenance: v.optional(v.record(v.string(), v.string())),
});

/** The id of the figure and its data, still unchecked. @throws AppError BAD_DATA when `text` is no saved figure. */
export function readSavedFigure(text: string, where: string): { figure: string; data: unknown } {
  const hint = "It is what 'Save figure data' writes: {figure, data, provenance}.";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('BAD_DATA', `'${where}' is not JSON: ${String(error)}.`, hint, error);
  }
  const parsed = v.safeParse(fileSchema, value);
  if (!parsed.success)
    throw new AppError('BAD_DATA', `'${where}' is no saved figure: ${fault(parsed.issues[0])}.`, hint);
  const { figure, data, provenance } = parsed.output;
  const known = provenance && Object.keys(provenance).length > 0;
  return { figure, data: known ? { ...data, provenance } : data };
}

/** @throws AppError BAD_DATA naming the field that is wrong. */
export function checked<T>(figure: string, shape: Shape<T>, data: unknown): T {
  const parsed = v.safeParse(shape, data, { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw new AppError('BAD_DATA', `The data of '${figure}' are wrong: ${fault(parsed.issues[0])}.`);
}

/** Field and fault: "panels.0.n: Expected number but received "x"". */
const fault = (issue: v.BaseIssue<unknown>): string =>
  `${v.getDotPath(issue) ?? 'its top'}: ${issue.message.replace(/^Invalid [\w ]+: /, '')}`;
