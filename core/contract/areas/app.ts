/** The application itself: what it is, how its processes stand, the settings of its windows. */
import * as v from 'valibot';
import type { EngineId, EngineProbe } from '../../engine/engine';
import type { Json, JsonObject } from '../../lib/json';
import { call, stream } from '../contract';
import { nothing, short } from './common';

export interface AppInfo {
  readonly version: string;
  readonly platform: string;
  readonly dataFolder: string;
}

export type ProcessState = 'starting' | 'ready' | 'gone';
/** How the engine stands; `problem` says why it went, or why none opens. */
export interface EngineStatus {
  readonly state: ProcessState;
  readonly id?: EngineId;
  readonly device?: string;
  readonly version?: string;
  readonly threads?: number;
  readonly problem?: string;
}
export interface AppStatus {
  readonly engine: EngineStatus;
  readonly library: { readonly state: ProcessState; readonly problem?: string };
}

/** Runs, evaluations and models that were removed, and what they take on disk. */
export interface TrashSize {
  readonly items: number;
  readonly bytes: number;
}

const key = v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/));
/** A setting is any JSON; the host bounds its size. */
const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(json), v.record(v.string(), json)]),
);

export const appContract = {
  'app.info': call<AppInfo>()('host', nothing),
  /** The state at once, then whenever it changes. */
  'app.status': stream<AppStatus>()('host', nothing),
  /** Which engines work here. */
  'app.engines': call<Readonly<Record<EngineId, EngineProbe>>>()('library', nothing),
  /** Opens another engine, '' for the best; jobs that run are paused first. */
  'app.useEngine': call<null>()('host', v.strictObject({ engine: short })),
  /** What was removed can be brought back until the trash is emptied; after 30 days it goes by itself, at a start. */
  'trash.size': call<TrashSize>()('library', nothing),
  'trash.empty': call<TrashSize>()('library', nothing),
  'settings.read': call<JsonObject>()('host', nothing),
  'settings.write': call<null>()('host', v.strictObject({ key, value: json })),
};
