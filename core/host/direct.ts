/** Two connected ends in one process. Messages are copied as they would be between processes, and arrive later, in order. */
import type { Connection } from '../contract/wire';
import { inbox } from '../contract/inbox';

export function connectedPair(): [Connection, Connection] {
  const [left, right] = [inbox(), inbox()];
  const end = (own: ReturnType<typeof inbox>, other: ReturnType<typeof inbox>): Connection => ({
    send: (message) => {
      const copy = structuredClone(message);
      queueMicrotask(() => other.deliver(copy));
    },
    listen: own.listen,
    close: () => {
      own.close();
      queueMicrotask(other.close);
    },
  });
  return [end(left, right), end(right, left)];
}
