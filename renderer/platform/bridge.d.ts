/** What electron/preload exposes as window.lowlandBridge: the Platform's methods, the menu, and "ready". */
import type { Platform } from './platform';

export type LowlandBridge = Required<Omit<Platform, 'kind'>> & {
  onMenu(callback: (commandId: string) => void): void;
  ready(): Promise<void>;
};

declare global {
  interface Window {
    readonly lowlandBridge?: LowlandBridge;
  }
}
