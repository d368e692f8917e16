/**
 * A child process under supervision: started when it is first needed, started again after it ended, with a growing pause when it ends
 * at once each time. What was under way in it fails with ENGINE; nothing else does.
 */
import { ChannelClient } from '../contract/client';
import type { AnyContract } from '../contract/contract';
import type { Connection } from '../contract/wire';
import { AppError } from '../lib/errors';
import type { ProcessState } from '../contract/areas/app';

export type Role = 'library' | 'engine';

/** A started process: its end of the channel, and how it ends. */
export interface ChildPort {
  readonly connection: Connection;
  /** Each listener is called once, with 'signal SIGKILL', 'code 1'. */
  onExit(listener: (how: string) => void): void;
  kill(): void;
}
/** Starts a child; arguments as `runChild` takes them. */
export type Spawn = (role: Role, args: readonly string[]) => ChildPort;

export interface ChildState {
  readonly state: ProcessState | 'off';
  readonly problem?: string;
}

const names: Readonly<Record<Role, string>> = { library: 'The library process', engine: 'The engine process' };

export class Child<C extends AnyContract> {
  readonly #client = new ChannelClient<C>();
  #port: ChildPort | undefined;
  #ending = false;
  #started = 0;
  #quickEnds = 0;

  constructor(
    readonly role: Role,
    private readonly spawn: Spawn,
    private readonly args: () => readonly string[],
    private readonly onState: (state: ChildState) => void,
  ) {}

  /** The channel to it; starts the process where there is none. @throws AppError ENGINE when it cannot stay up. */
  get client(): ChannelClient<C> {
    if (!this.#port) this.#start();
    return this.#client;
  }

  get running(): boolean {
    return this.#port !== undefined;
  }

  /** Ends it and waits until it has; the next use starts another. */
  async stop(): Promise<void> {
    const port = this.#port;
    if (!port) return;
    this.#ending = true;
    await new Promise<void>((resolve) => {
      port.onExit(() => resolve());
      port.kill();
    });
  }

  #start(): void {
    const pause = this.#quickEnds === 0 ? 0 : Math.min(30_000, 500 * 2 ** this.#quickEnds);
    if (Date.now() - this.#started < pause)
      throw new AppError(
        'ENGINE',
        `${names[this.role]} ended ${this.#quickEnds} times right after its start.`,
        'It is tried again in a moment; lowland doctor may say more.',
      );
    this.#ending = false;
    this.#started = Date.now();
    this.onState({ state: 'starting' });
    const port = this.spawn(this.role, this.args());
    this.#port = port;
    port.onExit((how) => this.#ended(how));
    // that its channel closed says less than how it ended, which comes next
    const { send, listen, close } = port.connection;
    this.#client.attach({ send, listen: (onMessage) => listen(onMessage, () => undefined), close });
  }

  #ended(how: string): void {
    this.#port = undefined;
    this.#quickEnds = !this.#ending && Date.now() - this.#started < 5000 ? this.#quickEnds + 1 : 0;
    const problem = this.#ending ? undefined : `${names[this.role]} ended unexpectedly (${how}).`;
    this.onState(problem ? { state: 'gone', problem } : { state: 'off' });
    this.#client.fail(
      problem
        ? new AppError(
            'ENGINE',
            problem,
            'It starts again with the next use; a run can be resumed from its last checkpoint.',
          )
        : new AppError('CANCELLED', `${names[this.role]} was stopped.`),
    );
  }
}
