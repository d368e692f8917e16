/** Leaving while a job runs is asked first, and only then; what runs is paused with a checkpoint, and the host ends before we do. */
import { BrowserWindow, app, dialog } from 'electron';
import type { Host } from '../core/host/host';

export class Leaving {
  #state: 'no' | 'agreed' | 'ending' | 'ended' = 'no';

  constructor(private readonly host: Pick<Host, 'jobs' | 'dispose'>) {
    app.on('before-quit', (event) => {
      if (this.#state === 'ended') return;
      event.preventDefault();
      if (this.#state !== 'ending' && this.agreed()) void this.#end();
    });
  }

  /** The last window asks before it closes: who stays needs it. */
  guard(window: BrowserWindow): void {
    window.on('close', (event) => {
      const ends = process.platform !== 'darwin' && windowsLeft(window) === 0;
      if (ends && this.#state === 'no' && !this.agreed()) event.preventDefault();
    });
  }

  /** True when nothing runs, or when the user says so; then it is not asked again. */
  agreed(): boolean {
    const [first] = this.host.jobs.value.filter(({ state }) => state === 'running');
    if (this.#state === 'no' && (!first || ask(first.title))) this.#state = 'agreed';
    return this.#state !== 'no';
  }

  /** As the system wants it, which waits for no answer. */
  atOnce(): void {
    if (this.#state === 'no') this.#state = 'agreed';
    app.quit();
  }

  async #end(): Promise<void> {
    this.#state = 'ending';
    await this.host.dispose().catch(() => undefined);
    this.#state = 'ended';
    app.quit();
  }
}

const windowsLeft = (closing: BrowserWindow): number =>
  BrowserWindow.getAllWindows().filter((window) => window !== closing).length;

const ask = (title: string): boolean =>
  dialog.showMessageBoxSync({
    type: 'question',
    message: `'${title}' is running.`,
    detail: 'It is paused with a checkpoint, and can be resumed.',
    buttons: ['Pause it and quit', 'Stay'],
    defaultId: 0,
    cancelId: 1,
  }) === 0;
