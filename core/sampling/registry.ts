/** All samplers. */
import { Registry } from '../lib/registry';
import { momentumSgld } from './momentum-sgld';
import { pgdSynthesis } from './pgd-synthesis';
import type { SamplerEntry } from './sampler';
import { sgld } from './sgld';

export const samplerRegistry = new Registry<SamplerEntry>('sampler', [sgld, pgdSynthesis, momentumSgld]);
