/**
 * The way of a set of chains: energies of every step that was seen, images of as many as the memory allows. When they are too many,
 * every other one goes, so those that stay are evenly spread; the first and the newest always stay.
 */
import type { SamplingFrame } from '../../../core/contract/areas/sampling';

/** Bytes of images kept for one set of chains. */
const budget = 64 * 2 ** 20;

export interface Trajectory {
  /** Frames with images, in order of steps. */
  readonly frames: readonly SamplingFrame[];
  readonly marginal: readonly { readonly step: number; readonly values: Float32Array }[];
  readonly joint: readonly { readonly step: number; readonly values: Float32Array }[];
  /** Only steps on a multiple of it are kept with images. */
  readonly every: number;
}

export const noWay: Trajectory = { frames: [], marginal: [], joint: [], every: 1 };

export function extended(way: Trajectory, frame: SamplingFrame, limit = budget): Trajectory {
  const energies = {
    marginal: [...way.marginal, { step: frame.step, values: frame.marginal }],
    joint: frame.joint ? [...way.joint, { step: frame.step, values: frame.joint }] : way.joint,
  };
  let { every } = way;
  let frames = [...way.frames.filter(({ step }) => step % every === 0), frame];
  while (frames.length > 3 && frames.length * frame.images.byteLength > limit) {
    every *= 2;
    const last = frames.length - 1;
    frames = frames.filter(({ step }, i) => i === 0 || i === last || step % every === 0);
  }
  return { ...energies, frames, every };
}

/** The frame at a step, or the newest before it. */
export const frameAt = ({ frames }: Trajectory, step: number): SamplingFrame | undefined =>
  frames.filter((frame) => frame.step <= step).at(-1) ?? frames[0];

/** `count` places of `length`, evenly spread, both ends among them. */
export const spread = (length: number, count: number): number[] =>
  length <= count
    ? [...Array(length).keys()]
    : Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / (count - 1)));
