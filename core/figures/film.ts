/** How images become a film. */
import type { GridLayout } from './pixels';
import type { Provenance } from './png-text';

export interface Film extends GridLayout {
  readonly provenance: Provenance;
  /** Milliseconds that a frame stands; the last one stands ten times as long. */
  readonly delay: number;
}
