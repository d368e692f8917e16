/**
 * The results of a cell on disk: one record of 28 bytes for each image, in order, little-endian, only ever appended to in whole batches:
 * label, prediction before, prediction after (int32); E(x), E(x,y) before, E(x), E(x,y) after (float32).
 */
import type { EvaluationImages } from '../../../contract/areas/evaluations';
import type { AttackedBatch } from '../../../metrics/robustness';

export const recordBytes = 28;

export interface ImageRecord {
  readonly label: number;
  readonly cleanPredicted: number;
  readonly predicted: number;
  readonly cleanMarginal: number;
  readonly cleanJoint: number;
  readonly marginal: number;
  readonly joint: number;
}

/** The records of a batch of images with these labels. */
export function encodeRecords(
  { clean, adversarial, count }: Pick<AttackedBatch, 'clean' | 'adversarial' | 'count'>,
  labels: ArrayLike<number>,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(count * recordBytes));
  for (let i = 0; i < count; i++) {
    const at = i * recordBytes;
    const whole = [labels[i], clean.predicted[i], adversarial.predicted[i]];
    const energies = [clean.marginal[i], clean.joint[i], adversarial.marginal[i], adversarial.joint[i]];
    whole.forEach((value, k) => view.setInt32(at + 4 * k, value ?? -1, true));
    energies.forEach((value, k) => view.setFloat32(at + 12 + 4 * k, value ?? NaN, true));
  }
  return new Uint8Array(view.buffer);
}

/** The whole records of some bytes; a torn one at the end is none. */
export function* decodeRecords(bytes: Uint8Array): Generator<ImageRecord, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes)
    yield {
      label: view.getInt32(at, true),
      cleanPredicted: view.getInt32(at + 4, true),
      predicted: view.getInt32(at + 8, true),
      cleanMarginal: view.getFloat32(at + 12, true),
      cleanJoint: view.getFloat32(at + 16, true),
      marginal: view.getFloat32(at + 20, true),
      joint: view.getFloat32(at + 24, true),
    };
}

/** An image counts where it is right both clean and attacked. */
export const isRobust = ({ label, cleanPredicted, predicted }: ImageRecord): boolean =>
  cleanPredicted === label && predicted === label;

/** A whole file as columns. */
export function imageColumns(bytes: Uint8Array): EvaluationImages {
  const records = [...decodeRecords(bytes)];
  const whole = (value: (record: ImageRecord) => number) => Int32Array.from(records, value);
  const real = (value: (record: ImageRecord) => number) => Float32Array.from(records, value);
  return {
    labels: whole(({ label }) => label),
    clean: {
      predicted: whole(({ cleanPredicted }) => cleanPredicted),
      marginal: real(({ cleanMarginal }) => cleanMarginal),
      joint: real(({ cleanJoint }) => cleanJoint),
    },
    adversarial: {
      predicted: whole(({ predicted }) => predicted),
      marginal: real(({ marginal }) => marginal),
      joint: real(({ joint }) => joint),
    },
    robust: Uint8Array.from(records, (record) => Number(isRobust(record))),
  };
}
