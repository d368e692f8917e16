/**
 * Standard normals from random words (Box and Muller 1958), in operations that a GPU does alike: with (u, v) from a word pair,
 *   r = sqrt(-2 ln u)    z0 = r cos(2 pi v)    z1 = r sin(2 pi v)
 * u is an odd multiple of 2^-24 and v a multiple of 2^-24, both exact in float32; ln, cos and sin are short series after an exact
 * reduction of their argument, good to float32 rounding (WGSL promises far less of its own).
 */

/** ln of n 2^-24 for a whole n in 1..2^24-1: n 2^-24 = m 2^e with 1/2 <= m < 1, ln m = 2 artanh s with s = (m-1)/(m+1). */
function logOfFraction(n: number): number {
  const bits = 32 - Math.clz32(n);
  const m = n / (1 << bits);
  const s = (m - 1) / (m + 1);
  const t = s * s;
  const rest = t * (1 / 9 + t * (1 / 11 + t * (1 / 13 + t * (1 / 15))));
  return 2 * s * (1 + t * (1 / 3 + t * (1 / 5 + t * (1 / 7 + rest)))) + (bits - 24) * Math.LN2;
}

/** cos x and sin x as Taylor series for |x| <= pi/2. */
function cosine(x: number): number {
  const t = x * x;
  const rest = t * (1 / 40320 + t * (-1 / 3628800 + t * (1 / 479001600)));
  return 1 + t * (-1 / 2 + t * (1 / 24 + t * (-1 / 720 + rest)));
}

function sine(x: number): number {
  const t = x * x;
  const rest = t * (1 / 362880 + t * (-1 / 39916800 + t * (1 / 6227020800)));
  return x * (1 + t * (-1 / 6 + t * (1 / 120 + t * (-1 / 5040 + rest))));
}

/** Normals from an even number of words; the pair (2i, 2i+1) gives values (2i, 2i+1). */
export function boxMuller(words: Uint32Array): Float32Array {
  const out = new Float32Array(words.length);
  for (let i = 0; i < words.length; i += 2) {
    const radius = Math.sqrt(-2 * logOfFraction(((words[i] ?? 0) >>> 8) | 1));
    const halves = ((words[i + 1] ?? 0) >>> 8) * 2 ** -23;
    const half = Math.floor(halves + 0.5);
    const x = (halves - half) * Math.PI;
    const signed = radius * (1 - 2 * (half & 1));
    out[i] = signed * cosine(x);
    out[i + 1] = signed * sine(x);
  }
  return out;
}
