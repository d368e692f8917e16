/** The state of the view, one for each connection: it stays while other views are looked at. */
import type { LowlandClient } from '../../../core/contract/api';
import { Generator } from './generator.svelte';
import { Kept } from './kept.svelte';
import { Sources } from './sources.svelte';

export interface GenerateState {
  readonly client: LowlandClient;
  readonly sources: Sources;
  readonly generator: Generator;
  readonly kept: Kept;
}

const states = new WeakMap<LowlandClient, GenerateState>();

export function stateOf(client: LowlandClient): GenerateState {
  const known = states.get(client);
  if (known) return known;
  const sources = new Sources(client);
  const generator = new Generator(client, (sampler) => sources.schema(sampler));
  const state = { client, sources, generator, kept: new Kept() };
  states.set(client, state);
  return state;
}
