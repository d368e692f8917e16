/** What electron/preload exposes as window.lowlandBridge: the Platform's methods, the menu, and "ready". */
import type { Platform } from './platform';

export type LowlandBridge = Required<Omit<Platform, 'kind'>> & {
  /** What the native menu shows, in order. */
  setCommands(
    commands: readonly { readonly id: string; readonly title: string; readonly group: string; readonly keys: string }[],
  ): Promise<void>;
  onMenu(callback: (commandId: string) => void): void;
  ready(): Promise<void>;
};

declare global {
  interface Window {
    readonly lowlandBridge?: LowlandBridge;
  }
}
