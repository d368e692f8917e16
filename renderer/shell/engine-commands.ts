/** Commands on the engine: which one computes, and starting it again. */
import { client } from '../state/connection.svelte';
import type { Command } from '../state/commands.svelte';
import { host } from '../state/host.svelte';
import { toasts } from '../state/toasts.svelte';

const words = {
  tensorflow: 'TensorFlow (libtensorflow)',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'plain JavaScript',
} as const;

const use = (engine: string) => () =>
  void client.call('app.useEngine', { engine }).catch((error: unknown) => toasts.error(error));

export const engineCommands: readonly Command[] = [
  { id: 'engine.best', title: 'Use the best engine that works', group: 'Engine', run: use('') },
  ...Object.entries(words).map(([id, name]): Command => ({
    id: `engine.${id}`,
    title: `Compute with ${name}`,
    group: 'Engine',
    run: use(id),
  })),
  {
    id: 'engine.restart',
    title: 'Start the engine again',
    group: 'Engine',
    run: () => use(host.status?.engine.id ?? '')(),
  },
];
