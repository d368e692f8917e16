/** What a layer needs of a graph of ONNX operators (opset 17) to write itself into it. Values are known by their names. */

/** Whole numbers are ints, 'epsilon' and 'alpha' floats, lists are ints. */
export type Attributes = Readonly<Record<string, number | readonly number[]>>;

export interface Graph {
  /** Adds an operator on values, weights (by their names in the model) and constants; gives its value. */
  node(operator: string, inputs: readonly string[], attributes?: Attributes): string;
  /** A tensor of float32. */
  floats(shape: readonly number[], values: readonly number[]): string;
  /** A list of int64, as shapes are given. */
  integers(values: readonly number[]): string;
}
