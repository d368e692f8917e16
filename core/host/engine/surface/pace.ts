/** How work on surfaces is cut: so small that a training job goes on between two pieces. */
import type { EngineId } from '../../../engine/engine';
import { breathe } from '../../../lib/breathe';
import { throwIfCancelled } from '../../../lib/errors';

/** Images that go through a model once, of a piece. */
export const forwardPiece = { tensorflow: 256, webgpu: 256, wasm: 64, cpu: 16 } as const satisfies Record<
  EngineId,
  number
>;
/** Images that go through it a hundred times, forwards and backwards. */
export const heavyPiece = { tensorflow: 16, webgpu: 16, wasm: 8, cpu: 2 } as const satisfies Record<EngineId, number>;

/** Lets go of the process. @throws AppError CANCELLED at the signal. */
export async function pause(signal: AbortSignal): Promise<void> {
  await breathe();
  throwIfCancelled(signal);
}
