/** What the shell around the renderer can do: Electron through its preload, or a browser by its own means. */
import { browserPlatform } from './browser';

export interface OpenedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Where it is on this machine; a browser does not tell. */
  readonly path?: string;
}
export interface OpenOptions {
  readonly title: string;
  /** Without dots: ['png', 'jpg']; absent: any file. */
  readonly extensions?: readonly string[];
  readonly multiple?: boolean;
}

export interface Platform {
  readonly kind: 'electron' | 'browser';
  /** Saves a file where the user says; the path or name it got, null when cancelled. */
  save(name: string, bytes: Uint8Array, type: string): Promise<string | null>;
  /** Files the user chose; none when cancelled. */
  open(options: OpenOptions): Promise<readonly OpenedFile[]>;
  copyImage(png: Uint8Array): Promise<void>;
  copyText(text: string): Promise<void>;
  /** Drags a file out of the window. */
  startDrag?(name: string, bytes: Uint8Array): Promise<void>;
  notify(title: string, body: string): Promise<void>;
  /** The taskbar's progress, 0 to 1; null takes it away. */
  setProgress(fraction: number | null): Promise<void>;
  /** Whether leaving should ask first. */
  setBusy(busy: boolean): Promise<void>;
  openFolder?(path: string): Promise<void>;
}

const bridge = window.lowlandBridge;

export const platform: Platform = bridge ? { ...bridge, kind: 'electron' } : browserPlatform;

/** The native menu runs commands by id. Does nothing in a browser. */
export function onMenu(run: (commandId: string) => void): void {
  bridge?.onMenu(run);
}

/** What the native menu shows; a browser has none. */
export function showInMenu(commands: Parameters<NonNullable<typeof bridge>['setCommands']>[0]): void {
  void bridge?.setCommands(commands);
}
