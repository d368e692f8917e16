/** What an attack changed, enlarged: grey where nothing changed, brighter or darker where it did. */

/** Ten times, or as much less as keeps the largest change within black and white. */
export function gainFor(clean: Float32Array, adversarial: Float32Array): number {
  const largest = clean.reduce((most, value, i) => Math.max(most, Math.abs((adversarial[i] ?? value) - value)), 0);
  return Math.max(1, Math.min(10, Math.floor(0.5 / largest + 1e-3)));
}

/** 1/2 + gain (adversarial - clean), cut to [0,1]. */
export const difference = (clean: Float32Array, adversarial: Float32Array, gain: number): Float32Array =>
  clean.map((value, i) => Math.min(1, Math.max(0, 0.5 + gain * ((adversarial[i] ?? value) - value))));
