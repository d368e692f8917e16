/** The types of the contract: what a caller may pass and what comes back follow from the definitions. */
import { describe, expectTypeOf, it } from 'vitest';
import type { Api, HandlersOf, LowlandClient } from '../../core/contract/api';
import type { CheckedInputOf, InputOf, NamesOf, OutputOf } from '../../core/contract/contract';
import type { Job } from '../../core/contract/areas/jobs';
import type { PlaneLevel, PlaneProgress } from '../../core/contract/areas/surface';

// eslint-disable-next-line @typescript-eslint/no-unused-vars -- instantiating a generic method's type takes a value
declare const client: LowlandClient;

describe('the contract', () => {
  it('gives each call its output', () => {
    expectTypeOf<OutputOf<Api['datasets.tiles']>>().toEqualTypeOf<{ pixels: Uint8Array }>();
    expectTypeOf<OutputOf<Api['surface.plane']>>().toEqualTypeOf<PlaneLevel | PlaneProgress>();
    expectTypeOf<ReturnType<typeof client.call<'jobs.submit'>>>().toEqualTypeOf<Promise<{ id: string }>>();
    expectTypeOf<ReturnType<typeof client.stream<'jobs.follow'>>>().toEqualTypeOf<
      AsyncGenerator<readonly Job[], void, undefined>
    >();
  });

  it('lets a caller leave out what has a default, and gives the handler all of it', () => {
    expectTypeOf<InputOf<Api['jobs.submit']>['priority']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<CheckedInputOf<Api['jobs.submit']>['priority']>().toEqualTypeOf<number>();
  });

  it('tells calls and streams apart, and the processes that serve them', () => {
    expectTypeOf<NamesOf<Api, 'stream'>>().toEqualTypeOf<
      | 'app.status'
      | 'datasets.scores'
      | 'surface.plane'
      | 'surface.flatness'
      | 'surface.energies'
      | 'runs.follow'
      | 'runs.events'
      | 'evaluations.follow'
      | 'jobs.follow'
      | 'jobs.left'
    >();
    expectTypeOf<keyof HandlersOf<'engine'>>().toEqualTypeOf<
      | 'datasets.scores'
      | 'models.judge'
      | 'models.attack'
      | 'sampling.open'
      | 'sampling.advance'
      | 'sampling.rewind'
      | 'sampling.close'
      | 'surface.plane'
      | 'surface.walk'
      | 'surface.flatness'
      | 'surface.energies'
    >();
  });
});
