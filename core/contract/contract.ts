/**
 * What a contract is: named calls (one answer) and streams (many), each with the process that serves it, a schema for the input, which
 * comes from outside, and a type for the output, which comes from us. No transport and no code of either side.
 */
import type { GenericSchema, InferInput, InferOutput } from 'valibot';

/** 'host' routes and keeps the queue; 'library' reads and writes files; 'engine' computes. Each is a process. */
export const places = ['host', 'library', 'engine'] as const;
export type Place = (typeof places)[number];

declare const output: unique symbol;
interface Definition<K extends 'call' | 'stream', P extends Place, I extends GenericSchema, O> {
  readonly kind: K;
  readonly place: P;
  readonly input: I;
  /** Exists for the type only. */
  readonly [output]?: O;
}
export type Call<P extends Place = Place, I extends GenericSchema = GenericSchema, O = unknown> = Definition<
  'call',
  P,
  I,
  O
>;
export type Stream<P extends Place = Place, I extends GenericSchema = GenericSchema, O = unknown> = Definition<
  'stream',
  P,
  I,
  O
>;
export type AnyDefinition = Call | Stream;
export type AnyContract = Readonly<Record<string, AnyDefinition>>;

/** `call<Output>()('library', schema)`: the output is given, the input follows from the schema. */
export const call =
  <O>() =>
  <P extends Place, I extends GenericSchema>(place: P, input: I): Call<P, I, O> => ({ kind: 'call', place, input });
/**
 * A stream yields events in order. An event with a `seq` of its own keeps it, so that a reader who comes back says where it stopped;
 * the others are numbered as they come.
 */
export const stream =
  <O>() =>
  <P extends Place, I extends GenericSchema>(place: P, input: I): Stream<P, I, O> => ({ kind: 'stream', place, input });

export type NamesOf<C extends AnyContract, K extends 'call' | 'stream'> = {
  [N in keyof C & string]: C[N]['kind'] extends K ? N : never;
}[keyof C & string];
/** What a caller passes. */
export type InputOf<D extends AnyDefinition> = InferInput<D['input']>;
/** What a handler gets: checked, with defaults. */
export type CheckedInputOf<D extends AnyDefinition> = InferOutput<D['input']>;
export type OutputOf<D extends AnyDefinition> =
  D extends Definition<'call' | 'stream', Place, GenericSchema, infer O> ? O : never;

export interface HandlerContext {
  /** Fires when the caller cancelled, closed or went away. */
  readonly signal: AbortSignal;
  /** Of a stream: the last seq that the reader already has; -1 for none. */
  readonly after: number;
}

/** The code of one side: a function for each call, an async iterable for each stream. */
export type Handlers<C extends AnyContract> = {
  readonly [N in keyof C]: C[N]['kind'] extends 'call'
    ? (input: CheckedInputOf<C[N]>, context: HandlerContext) => Promise<OutputOf<C[N]>>
    : (input: CheckedInputOf<C[N]>, context: HandlerContext) => AsyncIterable<OutputOf<C[N]>>;
};

/** The definitions that one process serves. */
export type PartOf<C extends AnyContract, P extends Place> = {
  [N in keyof C as C[N]['place'] extends P ? N : never]: C[N];
};
