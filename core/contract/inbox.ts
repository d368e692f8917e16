/** Keeps what arrives before anybody listens, and says once that the end has come. */
export interface Inbox {
  deliver(message: unknown): void;
  close(): void;
  listen(onMessage: (message: unknown) => void, onClose: () => void): void;
}

export function inbox(): Inbox {
  const early: unknown[] = [];
  let listener: ((message: unknown) => void) | undefined;
  let ended: (() => void) | undefined;
  let closed = false;
  return {
    deliver(message) {
      if (closed) return;
      if (listener) listener(message);
      else early.push(message);
    },
    close() {
      if (closed) return;
      closed = true;
      ended?.();
    },
    listen(onMessage, onClose) {
      listener = onMessage;
      ended = onClose;
      for (const message of early.splice(0)) onMessage(message);
      if (closed) onClose();
    },
  };
}
