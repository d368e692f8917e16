/** A run in memory, for tests of the loop. */
import type { CheckpointFiles } from '../../core/training/checkpoint';
import type { TrainSink } from '../../core/training/train';

export class MemorySink implements TrainSink {
  readonly events: Parameters<TrainSink['append']>[0][] = [];
  readonly images = new Map<string, Uint8Array>();
  readonly files = new Map<string, Uint8Array>();
  saved: { step: number; files: CheckpointFiles } | undefined;

  append(event: Parameters<TrainSink['append']>[0]): void {
    this.events.push(event);
  }
  async checkpoint(step: number, files: CheckpointFiles): Promise<void> {
    this.saved = { step, files };
  }
  async latestCheckpoint() {
    return this.saved;
  }
  async rewind() {
    return this.saved;
  }
  async image(name: string, bytes: Uint8Array): Promise<void> {
    this.images.set(name, bytes);
  }
  async file(name: string, bytes: Uint8Array): Promise<void> {
    this.files.set(name, bytes);
  }
}
