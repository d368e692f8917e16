/** Probabilities and energies from logits f(x): E(x,y) = -f(x)[y], E(x) = -logsumexp f(x), p(y|x) = exp(E(x) - E(x,y)). */
export interface Energies {
  readonly predicted: number;
  /** E(x), in nats. */
  readonly marginal: number;
  /** E(x,y) of each class. */
  readonly joint: readonly number[];
  readonly probability: readonly number[];
}

export function energiesOf(logits: ArrayLike<number>): Energies {
  const values = Array.from(logits);
  const highest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const logSum = highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
  return {
    predicted: values.indexOf(highest),
    marginal: -logSum,
    joint: values.map((value) => -value),
    probability: values.map((value) => Math.exp(value - logSum)),
  };
}

/** The most probable classes, and the true one wherever it stands. */
export function leading({ probability }: Energies, label: number, most: number): number[] {
  const ranked = [...probability.keys()].sort((a, b) => (probability[b] ?? 0) - (probability[a] ?? 0));
  const first = ranked.slice(0, most);
  return label < 0 || label >= probability.length || first.includes(label)
    ? first
    : [...first.slice(0, most - 1), label];
}
