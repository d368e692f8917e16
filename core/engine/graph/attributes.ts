/**
 * The attributes that tfjs sends with an op are made for eager execution, which guesses what is missing and overlooks what is wrong. A
 * graph wants them exact.
 */
import { type Attribute, type } from './graph';

type Attributes = Readonly<Record<string, Attribute>>;
type Repair = (attributes: Attributes, inputs: readonly number[]) => Attributes;

const typeOf = (dtype: number | undefined): Attribute => type(dtype ?? 0);

/** Element type from the tensor that is reduced: tfjs sends that of the result. */
const reduction: Repair = (attributes, [x]) => ({ ...attributes, T: typeOf(x) });

/** Reductions of truth values take no type. */
const logical: Repair = (attributes) => Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== 'T'));

const repairs: Readonly<Record<string, Repair>> = {
  ExpandDims: (attributes, [x, axis]) => ({ T: typeOf(x), Tdim: typeOf(axis), ...attributes }),
  ...Object.fromEntries(['Sum', 'Mean', 'Max', 'Min', 'Prod'].map((op) => [op, reduction])),
  All: logical,
  Any: logical,
};

export const repaired: (op: string, ...of: Parameters<Repair>) => Attributes = (op, attributes, inputs) =>
  repairs[op]?.(attributes, inputs) ?? attributes;
