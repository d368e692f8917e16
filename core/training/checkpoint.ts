/**
 * A checkpoint holds everything that a later step depends on: weights, optimiser slots, EMA, replay buffer, position and guard
 * attempts. Random numbers and data order are functions of (seed, step), so no generator state is needed and a resumed run
 * equals an uninterrupted one, bit for bit on one engine.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { NamedTensors } from '../engine/engine';
import { AppError } from '../lib/errors';
import { type RawTensor, decodeSafetensors, encodeSafetensors } from '../models/safetensors';

const positionSchema = v.object({
  /** Steps done. */
  step: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Guard restarts so far: part of every random stream. */
  attempt: v.pipe(v.number(), v.integer(), v.minValue(0)),
  best: v.nullable(v.object({ step: v.number(), robust: v.number() })),
  /** Evaluations since the best. */
  stale: v.number(),
});
export type Position = Readonly<v.InferOutput<typeof positionSchema>>;

export const startPosition: Position = { step: 0, attempt: 0, best: null, stale: 0 };

export type CheckpointFiles = Readonly<Record<string, Uint8Array>>;

/** 'state.safetensors' from state tensors (awaits their values) and the buffer's arrays ('buffer:…'). */
export async function encodeState(
  state: NamedTensors,
  extra: Readonly<Record<string, RawTensor>>,
  position: Position,
): Promise<Uint8Array> {
  const tensors: Record<string, RawTensor> = { ...extra };
  for (const [name, tensor] of Object.entries(state))
    tensors[name] = { shape: tensor.shape, data: (await tensor.data<'float32'>()).slice() };
  return encodeSafetensors(tensors, { position: JSON.stringify(position) });
}

export interface DecodedState {
  readonly state: NamedTensors;
  readonly buffer: Readonly<Record<string, RawTensor>>;
  readonly position: Position;
}

/** @throws AppError BAD_FILE when the checkpoint does not hold a state. */
export function decodeState(files: CheckpointFiles): DecodedState {
  const bytes = files['state.safetensors'];
  if (!bytes)
    throw new AppError(
      'BAD_FILE',
      'The checkpoint has no state.safetensors.',
      'Resume from an earlier checkpoint, or start again.',
    );
  const { tensors, metadata } = decodeSafetensors(bytes, 'state.safetensors');
  const buffer = Object.entries(tensors).filter(([name]) => name.startsWith('buffer:'));
  const state = Object.entries(tensors).filter(([name]) => !name.startsWith('buffer:'));
  return {
    state: Object.fromEntries(state.map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape], 'float32')])),
    buffer: Object.fromEntries(buffer.map(([name, raw]) => [name.slice('buffer:'.length), raw])),
    position: parsePosition(metadata.position),
  };
}

function parsePosition(text: string | undefined): Position {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), positionSchema), text);
  if (parsed.success) return parsed.output;
  throw new AppError(
    'BAD_FILE',
    'The checkpoint does not say at which step it was made.',
    'Resume from an earlier checkpoint, or start again.',
  );
}
