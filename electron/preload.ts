/** window.lowlandBridge, as renderer/platform/bridge.d.ts declares it; and the page's end of the channel, passed on when it comes. */
import { contextBridge, ipcRenderer } from 'electron';
import type { LowlandBridge } from '../renderer/platform/bridge';
import type { Answer, CallName } from './calls';

/** The page's window: this file is checked without the DOM's types. */
const page = globalThis as typeof globalThis & {
  postMessage(message: string, target: string, ports: readonly unknown[]): void;
};

const ask =
  (name: CallName) =>
  async (...args: unknown[]) => {
    const answer = (await ipcRenderer.invoke(`lowland:${name}`, ...args)) as Answer;
    if ('problem' in answer) throw new Error(answer.problem);
    // the bridge's types say what each call gives; the shell answers in just that form
    return answer.value as never;
  };

const bridge: LowlandBridge = {
  save: ask('save'),
  open: ask('open'),
  copyImage: ask('copyImage'),
  copyText: ask('copyText'),
  startDrag: ask('startDrag'),
  notify: ask('notify'),
  setProgress: ask('setProgress'),
  setBusy: ask('setBusy'),
  openFolder: ask('openFolder'),
  setCommands: ask('setCommands'),
  ready: ask('ready'),
  onMenu(callback) {
    ipcRenderer.on('lowland-menu', (_event, id: unknown) => {
      if (typeof id === 'string') callback(id);
    });
  },
};
contextBridge.exposeInMainWorld('lowlandBridge', bridge);

// a port can only go from here to the page by a message of the window
ipcRenderer.on('lowland-port', ({ ports }) => page.postMessage('lowland-port', '*', ports));
