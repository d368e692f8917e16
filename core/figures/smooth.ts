/** A noisy curve's course: an exponential moving average without the pull of its start (Kingma and Ba 2015, section 3). */

/**
 * m_t = sum of (1 - 1/span)^(t-k) y_k over all k <= t, divided by the sum of those weights; so m_0 = y_0 and a constant stays itself.
 * Values that are not finite stay where they are and count for nothing.
 *
 * @param span how many values back count for about 63 % of the average, at least 1 (which smooths nothing)
 */
export function smoothed(values: ArrayLike<number>, span: number): number[] {
  const decay = 1 - 1 / Math.max(1, span);
  let [sum, weight] = [0, 0];
  return Array.from(values, (value) => {
    if (!Number.isFinite(value)) return value;
    sum = decay * sum + value;
    weight = decay * weight + 1;
    return sum / weight;
  });
}
