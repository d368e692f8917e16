/** Everything one can do, in one registry: the palette, the sheet of shortcuts, the keyboard and the native menu read it. */
import { onDestroy } from 'svelte';
import { isTaken, matches } from './keys';

export interface Command {
  /** 'train.start': unique, stable; the native menu names it. */
  readonly id: string;
  /** A verb: 'Start training'. */
  readonly title: string;
  /** 'Mod+Enter', 'ArrowRight', '?'; several ways as a list. */
  readonly keys?: string | readonly string[];
  /** Heading in the palette and in the sheet of shortcuts: the view's title, 'Go to', 'Window'. */
  readonly group: string;
  readonly run: () => void;
  /** Absent: always. */
  readonly enabled?: () => boolean;
  /** The keys work while a field has the focus too. */
  readonly inFields?: boolean;
  /** Only by its keys and in the sheet: 'Next image'. */
  readonly hidden?: boolean;
}

export const keysOf = ({ keys }: Command): readonly string[] =>
  keys === undefined ? [] : typeof keys === 'string' ? [keys] : keys;
const isEnabled = ({ enabled }: Command): boolean => enabled?.() ?? true;

class Commands {
  /** Not a rune: where a component goes, runes read as they were before, and what came in its place would be lost. */
  #list: readonly Command[] = [];
  #all = $state.raw<readonly Command[]>([]);

  get all(): readonly Command[] {
    return this.#all;
  }

  /** Those that can run now and are shown in the palette. */
  get available(): readonly Command[] {
    return this.#all.filter((command) => !command.hidden && isEnabled(command));
  }

  /** Adds commands; one of the same id is replaced until the returned function removes the new one. */
  register(commands: readonly Command[]): () => void {
    this.#set([...this.#list, ...commands]);
    return () => this.#set(this.#list.filter((command) => !commands.includes(command)));
  }

  find(id: string): Command | undefined {
    return this.#list.filter((command) => command.id === id).at(-1);
  }

  #set(list: readonly Command[]): void {
    this.#list = list;
    this.#all = list;
  }

  /** Runs a command by id; false where there is none or it cannot run now. */
  run(id: string): boolean {
    const command = this.find(id);
    if (!command || !isEnabled(command)) return false;
    command.run();
    return true;
  }

  /** The window's keydown handler. The latest registered command wins; keys typed in fields or dialogs are left alone. */
  handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const inDialog = document.querySelector('dialog[open]') !== null;
    const taken = isTaken(event);
    const command = [...this.#list]
      .reverse()
      .find(
        (candidate) =>
          (!inDialog || candidate.inFields) &&
          (!taken || candidate.inFields) &&
          keysOf(candidate).some((keys) => matches(event, keys)) &&
          isEnabled(candidate),
      );
    if (!command) return;
    event.preventDefault();
    command.run();
  };
}

export const commands = new Commands();

/** Registers a component's commands for as long as it lives. */
export function useCommands(list: readonly Command[]): void {
  onDestroy(commands.register(list));
}
