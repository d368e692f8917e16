/** Mean and covariance of features in an .npz file as pytorch-fid and the FID's authors write them: arrays mu [d] and sigma [d, d]. */
import { zipSync } from 'fflate';
import { readFile, stat } from 'node:fs/promises';
import { type NpyArray, decodeNpy, encodeNpy } from '../../data/formats/npy';
import { readZip } from '../../data/formats/zip';
import { writeAtomic } from '../../lib/atomic';
import { AppError, fileError } from '../../lib/errors';
import type { Moments } from './moments';

const mostFeatures = 8192;
/** Unpacked; and of a file that is looked into, packed or not. */
const mostBytes = 8 * mostFeatures ** 2 + 2 ** 20;
const mostFile = 2 ** 31 - 1;

/** The moments of a file; undefined for an archive that holds something else. @throws AppError NOT_FOUND, BAD_FILE, BAD_DATA. */
export async function readStatistics(file: string): Promise<Moments | undefined> {
  try {
    const { size } = await stat(file);
    if (size > mostFile) return undefined;
    return decodeStatistics(await readFile(file), file);
  } catch (error) {
    throw fileError(error, file, 'read statistics');
  }
}

/** @throws AppError BAD_FILE for a damaged archive, BAD_DATA for arrays mu and sigma that are no statistics. */
export function decodeStatistics(bytes: Uint8Array, where: string): Moments | undefined {
  const members = readZip(bytes, where, (name) => ['mu.npy', 'sigma.npy', 'n.npy'].includes(name), mostBytes);
  const array = (name: string) => {
    const content = members.get(`${name}.npy`);
    return content && decodeNpy(content, `${where}: ${name}`);
  };
  const [mu, sigma, n] = [array('mu'), array('sigma'), array('n')];
  if (!mu && !sigma) return undefined;
  const d = mu?.values.length ?? 0;
  if (!mu || !sigma || mu.sizes.length !== 1 || d === 0 || sigma.sizes.join() !== `${d},${d}`)
    throw new AppError(
      'BAD_DATA',
      `'${where}' has mu ${shapeOf(mu)} and sigma ${shapeOf(sigma)}; they are [d] and [d, d].`,
      'Write one with --write-stats.',
    );
  const [mean, covariance] = [Float64Array.from(mu.values), Float64Array.from(sigma.values)];
  checkStatistics(mean, covariance, where);
  const count = n?.values[0];
  return { mean, covariance, d, n: count !== undefined && Number.isInteger(count) ? count : undefined };
}

const shapeOf = (array: NpyArray | undefined): string => (array ? `[${array.sizes.join(', ')}]` : 'missing');

/** Finite, symmetric but for rounding, no negative variance. */
function checkStatistics(mean: Float64Array, covariance: Float64Array, where: string): void {
  const d = mean.length;
  const bad = (what: string) => new AppError('BAD_DATA', `'${where}' ${what}.`, 'It is damaged or another file.');
  if (!mean.every(Number.isFinite)) throw bad('has a mean that is not finite');
  let largest = 0;
  for (let i = 0; i < d; i++) {
    const variance = covariance[i * d + i] ?? NaN;
    if (!(variance >= 0 && variance < Infinity)) throw bad(`has a variance of ${variance} at feature ${i}`);
    largest = Math.max(largest, variance);
  }
  for (let i = 0; i < d; i++)
    for (let j = 0; j < i; j++) {
      const [below, above] = [covariance[i * d + j] ?? NaN, covariance[j * d + i] ?? NaN];
      if (!(Math.abs(below - above) <= 1e-6 * largest))
        throw bad(`has a sigma that is not symmetric: ${below} and ${above} at ${i}, ${j}`);
    }
}

/** The same moments give the same bytes; n is one more array, where it is known. */
export function encodeStatistics({ mean, covariance, d, n }: Moments): Uint8Array {
  return zipSync(
    {
      'mu.npy': encodeNpy([d], mean),
      'sigma.npy': encodeNpy([d, d], covariance),
      ...(n === undefined ? {} : { 'n.npy': encodeNpy([1], Int32Array.of(n)) }),
    },
    { level: 0, mtime: new Date(1980, 0, 1) },
  );
}

export const writeStatistics = (file: string, moments: Moments): Promise<void> =>
  writeAtomic(file, encodeStatistics(moments));
