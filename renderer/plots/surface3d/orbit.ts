/** From where surfaces are seen: one view for all panels. */
import type { View } from '../../../core/figures/camera';

export const usualView: View = { azimuth: -125, elevation: 34 };
/** Free space round the box for its axes, as in the figure that is exported. */
export const room = { left: 50, right: 26, top: 10, bottom: 40 };

/** A view turned by degrees; without an argument the usual one. */
export function turned(from?: View, azimuth = 0, elevation = 0): View {
  if (!from) return usualView;
  const around = (((from.azimuth + azimuth + 180) % 360) + 360) % 360;
  return { azimuth: around - 180, elevation: Math.min(88, Math.max(6, from.elevation + elevation)) };
}
