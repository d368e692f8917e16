/** What is said between the bench and a worker, ours or PyTorch's, in lines of JSON: the worker greets, then answers each request. */
import * as v from 'valibot';
import { precisions } from '../../core/engine/engine';
import type { BenchCase } from './plan';

/** Memory layouts of images that PyTorch is timed with; the faster one counts. */
export const layouts = ['channels_last', 'contiguous'] as const;
export type Layout = (typeof layouts)[number];

export interface Request {
  readonly case: BenchCase;
  readonly round: number;
  readonly layout?: Layout;
}

/** Of one timed round: its milliseconds and the most memory that the process has held so far, in MiB; images that an attack left right. */
export const sampleSchema = v.object({ ms: v.number(), rss_mb: v.number(), standing: v.optional(v.number()) });
export type Sample = v.InferOutput<typeof sampleSchema>;

export const greetingSchema = v.object({ version: v.string(), precisions: v.array(v.picklist(precisions)) });
export type Greeting = v.InferOutput<typeof greetingSchema>;

const failureSchema = v.object({ error: v.string() });
export const lineSchema = v.pipe(v.string(), v.parseJson(), v.union([failureSchema, greetingSchema, sampleSchema]));
