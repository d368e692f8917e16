/** The border between PyTorch's layouts (OIHW, [out, in]), which files use, and tfjs' (HWIO, [in, out]), which models use. */
import type { RawTensor } from './safetensors';

/** For each axis of one layout, the axis of the other, by rank; other ranks are the same in both. */
const fromFile: Readonly<Record<number, readonly number[]>> = { 4: [2, 3, 1, 0], 2: [1, 0] };
const toFile: Readonly<Record<number, readonly number[]>> = { 4: [3, 2, 0, 1], 2: [1, 0] };

export const modelLayout = (tensor: RawTensor): RawTensor => permuted(tensor, fromFile[tensor.shape.length]);
export const fileLayout = (tensor: RawTensor): RawTensor => permuted(tensor, toFile[tensor.shape.length]);

/** The shape that a parameter of this shape has in a file. */
export const fileShape = (shape: readonly number[]): number[] =>
  toFile[shape.length]?.map((axis) => shape[axis] ?? 1) ?? [...shape];

function permuted(tensor: RawTensor, axes: readonly number[] | undefined): RawTensor {
  if (!axes) return tensor;
  const { shape, data } = tensor;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const sizes = axes.map((axis) => shape[axis] ?? 1);
  const steps = axes.map((axis) => strides[axis] ?? 1);
  const out = data instanceof Int32Array ? new Int32Array(data.length) : new Float32Array(data.length);
  const index = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from] ?? 0;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis] ?? 0;
      const moved = (index[axis] ?? 0) + 1;
      index[axis] = moved;
      if (moved < (sizes[axis] ?? 0)) break;
      from -= moved * (steps[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return { shape: sizes, data: out };
}
