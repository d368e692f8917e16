/** The one connection of a window to Lowland: opened at once, opened again when it is lost, and how it stands. */
import type { Api, LowlandClient } from '../../core/contract/api';
import { ChannelClient } from '../../core/contract/client';
import type { Connection } from '../../core/contract/wire';
import { AppError } from '../../core/lib/errors';
import { receivePort } from '../platform/message-port';
import { channelAddress, openSocket } from '../platform/socket';

export type ConnectionState = 'connecting' | 'open' | 'lost';

/** Milliseconds before the first and at most before any further try. */
const firstWait = 400;
const longestWait = 8000;

class ConnectionStore {
  #state = $state<ConnectionState>('connecting');
  /** Why the other side does not want this window: another version of Lowland, most often. */
  #refusal = $state<AppError | undefined>();
  #wait = firstWait;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #open: (() => Promise<Connection>) | undefined;
  readonly #channel = new ChannelClient<Api>((error) => (this.#refusal = error));

  get state(): ConnectionState {
    return this.#state;
  }
  get refusal(): AppError | undefined {
    return this.#refusal;
  }
  get client(): LowlandClient {
    return this.#channel;
  }

  /** Connects, and keeps connecting. */
  start(open: () => Promise<Connection> = usualWay()): void {
    this.#open = open;
    void this.#connect();
    // a laptop that wakes up need not wait
    addEventListener('online', () => this.retry());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.retry());
  }

  /** Tries at once where a try was waiting. */
  retry(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#connect();
  }

  async #connect(): Promise<void> {
    if (!this.#open) return;
    try {
      const connection = await this.#open();
      this.#channel.attach(connection, () => this.#lost());
      this.#state = 'open';
      this.#wait = firstWait;
    } catch {
      this.#lost();
    }
  }

  #lost(): void {
    this.#state = 'lost';
    if (this.#refusal) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#connect();
    }, this.#wait);
    this.#wait = Math.min(longestWait, this.#wait * 2);
  }
}

function usualWay(): () => Promise<Connection> {
  const bridge = window.lowlandBridge;
  return bridge ? () => receivePort(window, () => bridge.ready()) : () => openSocket(channelAddress(location));
}

export const connection = new ConnectionStore();
export const client: LowlandClient = connection.client;
