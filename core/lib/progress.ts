/** Long work reports here; who listens (a bar, plain lines, a window, nobody) is not its concern. */
export interface Progress {
  /** Starts or moves a task: `done` of `total` `unit`s, with a short note such as 'loss 1.23'. */
  update(task: string, done: number, total: number, unit: string, note?: string): void;
  /** A lasting line: a warning, a guard event, where a file went. */
  note(line: string): void;
}

export const silent: Progress = { update: () => undefined, note: () => undefined };
