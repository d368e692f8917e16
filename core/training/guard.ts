/** The guard against divergence (method notes on JEM: losses blow up after normal-looking steps, so every step is checked). */
import type { TrainingOptions } from './configuration';

/** Why a step must not be kept, or undefined. `metrics` holds loss, gradientNorm and 'energy.*' scalars. */
export function verdict(
  metrics: Readonly<Record<string, number>>,
  { guardEnergy, guardGradient }: TrainingOptions,
): string | undefined {
  for (const [name, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) return `${name} is ${value}`;
    if (name.startsWith('energy.') && Math.abs(value) > guardEnergy)
      return `|${name}| is ${Math.abs(value).toFixed(1)}, above ${guardEnergy}`;
    if (name === 'gradientNorm' && value > guardGradient)
      return `the gradient norm is ${value.toFixed(1)}, above ${guardGradient}`;
  }
  return undefined;
}
