/** Short notices at the corner. What can be undone is done at once, and offers its undo here instead of asking first. */
import { asProblem, isCancelled } from '../lib/problem';

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly detail?: string;
  readonly tone: Tone;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Seconds until it goes by itself; 0 stays. */
  readonly seconds: number;
}
type ToastInput = Pick<Toast, 'text'> & Partial<Omit<Toast, 'id' | 'text'>>;

class Toasts {
  #list = $state.raw<readonly Toast[]>([]);
  #next = 0;

  get list(): readonly Toast[] {
    return this.#list;
  }

  show({ tone = 'plain', seconds = 6, ...rest }: ToastInput): number {
    const id = this.#next++;
    this.#list = [...this.#list.slice(-3), { id, tone, seconds, ...rest }];
    return id;
  }

  /** Says what was done and offers to undo it: `toasts.undo('Run deleted', () => restore(run))`. */
  undo(text: string, undo: () => void): number {
    return this.show({ text, seconds: 10, action: { label: 'Undo', run: undo } });
  }

  /** A failure in its own words; a cancelled one says nothing. */
  error(error: unknown, action?: Toast['action']): void {
    if (isCancelled(error)) return;
    const { message, hint } = asProblem(error);
    this.show({
      text: message,
      tone: 'bad',
      seconds: 0,
      ...(hint ? { detail: hint } : {}),
      ...(action ? { action } : {}),
    });
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }

  /** Runs a toast's action and takes it away. */
  act(toast: Toast): void {
    this.dismiss(toast.id);
    toast.action?.run();
  }
}

export const toasts = new Toasts();
