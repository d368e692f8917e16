/** An energy in nats as it stands beside others: two decimals, so that columns of them line up. */
export function nats(energy: number): string {
  if (!Number.isFinite(energy)) return 'not finite';
  const text = Math.abs(energy) >= 10_000 ? energy.toExponential(2) : energy.toFixed(2);
  return Number(text) === 0 ? '0.00' : text.replace('-', '\u2212');
}
