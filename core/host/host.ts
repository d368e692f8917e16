/**
 * The host: what a window talks to. It answers little itself (state, settings, the queue) and passes everything else on to two child
 * processes, so that it is never busy: the library reads and writes files, the engine computes.
 */
import { type Api, api, type HandlersOf, partOf } from '../contract/api';
import type { PartOf } from '../contract/contract';
import type { AppStatus, EngineStatus } from '../contract/areas/app';
import type { Job } from '../contract/areas/jobs';
import type { Connection } from '../contract/wire';
import { AppError } from '../lib/errors';
import { lowlandVersion } from '../lib/paths';
import { Child, type ChildState, type Role, type Spawn } from './child';
import { forward } from './forward';
import { KeptQueue } from './kept-queue';
import type { engineInternal, workContract } from './internal';
import { Latest } from './latest';
import { JobQueue, type StartWork } from './queue';
import { serve } from './serve';
import { openSettings } from './settings';

type LibraryContract = PartOf<Api, 'library'> & typeof workContract;
type EngineContract = PartOf<Api, 'engine'> & typeof engineInternal;

export interface HostOptions {
  readonly dataFolder: string;
  readonly spawn: Spawn;
  /** '' for the best that works. */
  readonly engine?: string;
}

export interface Host {
  /** Serves a window until its connection closes. */
  connect(connection: Connection): Promise<void>;
  readonly jobs: Latest<readonly Job[]>;
  readonly status: Latest<AppStatus>;
  /** Pauses what runs, keeps it, and ends the children. */
  dispose(): Promise<void>;
}

export function createHost({ dataFolder, spawn, engine: first = '' }: HostOptions): Host {
  let asked = first;
  const settings = openSettings(dataFolder);
  const status = new Latest<AppStatus>({ engine: { state: 'starting' }, library: { state: 'starting' } }, 50);
  const jobs = new Latest<readonly Job[]>([], 150);
  const library = new Child<LibraryContract>(
    'library',
    spawn,
    () => ['library', dataFolder],
    (state) => status.set({ ...status.value, library: told(state) }),
  );
  const engine = new Child<EngineContract>('engine', spawn, () => ['engine', dataFolder, asked], engineState);
  const kept = new KeptQueue(dataFolder);
  const queue = new JobQueue(startWork, (list) => {
    jobs.set(list);
    kept.keep(list);
  });
  const handlers = { ...forward(partOf('library'), library), ...forward(partOf('engine'), engine), ...ownHandlers() };

  return {
    connect: (connection) => serve(connection, api, handlers),
    jobs,
    status,
    async dispose() {
      await Promise.race([queue.close(), new Promise((resolve) => setTimeout(resolve, 20_000))]);
      await kept.close();
      await settings.flush().catch(() => undefined);
      await Promise.all([library.stop(), engine.stop()]);
    },
  };

  /** A new engine process is asked at once what it is: opening it takes a moment, and windows show it. */
  function engineState(state: ChildState): void {
    status.set({ ...status.value, engine: told(state) });
    if (state.state !== 'starting') return;
    queueMicrotask(() => {
      engine.client.call('engine.open', {}).then(
        (opened: EngineStatus) => status.set({ ...status.value, engine: opened }),
        (error: unknown) => {
          if (engine.running) status.set({ ...status.value, engine: { state: 'gone', problem: sentence(error) } });
        },
      );
    });
  }

  function startWork(...[lane, id, request, tell]: Parameters<StartWork>) {
    const done = (async () => {
      const input = { id, request };
      const events =
        lane === 'engine' ? engine.client.stream('work.run', input) : library.client.stream('work.run', input);
      for await (const event of events) tell(event);
    })();
    const stop = () =>
      lane === 'engine' ? engine.client.call('work.stop', { id }) : library.client.call('work.stop', { id });
    return { done, stop: () => void stop().catch(() => undefined) };
  }

  function ownHandlers(): HandlersOf<'host'> {
    return {
      'app.info': async () => ({ version: lowlandVersion(), platform: process.platform, dataFolder }),
      'app.status': (_input, { signal }) => {
        wake(library);
        wake(engine);
        return status.follow(signal);
      },
      'app.useEngine': async ({ engine: id }) => {
        asked = id;
        await queue.without('engine', async () => {
          await engine.stop();
          wake(engine);
        });
        return null;
      },
      'settings.read': () => settings.read(),
      'settings.write': async ({ key, value }) => {
        await settings.write(key, value);
        return null;
      },
      'jobs.follow': (_input, { signal }) => jobs.follow(signal),
      'jobs.submit': async ({ job, priority }) => ({ id: queue.submit(job, priority) }),
      'jobs.pause': async ({ id }) => quietly(() => queue.pause(id)),
      'jobs.resume': async ({ id }) => quietly(() => queue.resume(id)),
      'jobs.stop': async ({ id }) => quietly(() => queue.stop(id)),
      'jobs.prioritise': async ({ id, priority }) => quietly(() => queue.prioritise(id, priority)),
      'jobs.dismiss': async ({ id }) => quietly(() => queue.dismiss(id)),
      'jobs.left': (_input, { signal }) => kept.left.follow(signal),
      'jobs.requeue': async () =>
        quietly(() => {
          for (const { request, priority } of kept.take()) queue.submit(request, priority);
        }),
      'jobs.forget': async () => quietly(() => void kept.take()),
    };
  }
}

export type { Api, Role };

const told = ({ state, problem }: ChildState) => ({
  state: state === 'off' ? ('starting' as const) : state,
  ...(problem ? { problem } : {}),
});
const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Starts a child that is not there; that it cannot be started shows in the status. */
function wake(child: { readonly client: unknown }): void {
  try {
    void child.client;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

function quietly(act: () => void): null {
  act();
  return null;
}
