/** What an attack changed, enlarged: grey where nothing changed, brighter or darker where it did. */
export const gain = 10;

/** 1/2 + gain (adversarial - clean), cut to [0,1]. */
export const difference = (clean: Float32Array, adversarial: Float32Array): Float32Array =>
  clean.map((value, i) => Math.min(1, Math.max(0, 0.5 + gain * ((adversarial[i] ?? value) - value))));
