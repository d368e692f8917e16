/** The contract between a window and Lowland: every call and stream there is. */
import { appContract } from './areas/app';
import { catalogueContract } from './areas/catalogue';
import { datasetsContract } from './areas/datasets';
import { evaluationsContract } from './areas/evaluations';
import { figuresContract } from './areas/figures';
import { jobsContract } from './areas/jobs';
import { modelsContract } from './areas/models';
import { runsContract } from './areas/runs';
import { samplingContract } from './areas/sampling';
import { suitesContract } from './areas/suites';
import { surfaceContract } from './areas/surface';
import type { Client } from './client';
import type { Handlers, PartOf, Place } from './contract';

export const api = {
  ...appContract,
  ...catalogueContract,
  ...datasetsContract,
  ...modelsContract,
  ...samplingContract,
  ...surfaceContract,
  ...runsContract,
  ...evaluationsContract,
  ...suitesContract,
  ...jobsContract,
  ...figuresContract,
};
export type Api = typeof api;
export type LowlandClient = Client<Api>;
export type HandlersOf<P extends Place> = Handlers<PartOf<Api, P>>;

/** The calls of one process. */
export const partOf = <P extends Place>(place: P): PartOf<Api, P> =>
  Object.fromEntries(Object.entries(api).filter(([, { place: own }]) => own === place)) as PartOf<Api, P>;
