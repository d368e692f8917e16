/**
 * The messages of a channel. A caller numbers its requests; every answer carries that number. Streams are pulled: a server sends at
 * most `streamWindow` events that were not acknowledged, so a slow reader holds its own stream back and nobody else's.
 */
import * as v from 'valibot';
import { AppError, type ErrorCode, errorCodes } from '../lib/errors';

/** Changes whenever a message changes its meaning; both sides of a channel must have the same. */
export const wireVersion = 1;
export const streamWindow = 4;

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.maxLength(100));

/** What a client may send. */
export const requestSchema = v.variant('type', [
  v.strictObject({ type: v.literal('hello'), version: v.number() }),
  v.strictObject({ type: v.literal('call'), id, name, input: v.unknown() }),
  v.strictObject({ type: v.literal('open'), id, name, input: v.unknown(), after: v.optional(v.number(), -1) }),
  v.strictObject({ type: v.literal('ack'), id, count: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
  v.strictObject({ type: v.literal('cancel'), id }),
]);
export type Request = v.InferInput<typeof requestSchema>;

export const wireErrorSchema = v.object({
  code: v.string(),
  message: v.string(),
  hint: v.optional(v.string()),
});
export type WireError = v.InferOutput<typeof wireErrorSchema>;

/** What a server may send. */
export const replySchema = v.variant('type', [
  v.strictObject({ type: v.literal('result'), id, value: v.unknown() }),
  v.strictObject({ type: v.literal('error'), id, error: wireErrorSchema }),
  v.strictObject({ type: v.literal('event'), id, seq: v.number(), value: v.unknown() }),
  v.strictObject({ type: v.literal('end'), id }),
  /** The channel itself is refused: another version, a malformed message. */
  v.strictObject({ type: v.literal('refused'), error: wireErrorSchema }),
]);
export type Reply = v.InferInput<typeof replySchema>;

/** Two ends that exchange messages in order: a socket, a message port, a pair in one process. */
export interface Connection {
  send(message: Request | Reply): void;
  /** One listener for messages and one for the end; messages that came before are kept for it. */
  listen(onMessage: (message: unknown) => void, onClose: () => void): void;
  close(): void;
}

export const toWire = (error: unknown): WireError => {
  if (error instanceof AppError)
    return { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) };
  const because = error instanceof Error ? error.message : String(error);
  return { code: 'FAILED', message: `Something went wrong inside Lowland: ${because}` };
};

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);
export const fromWire = ({ code, message, hint }: WireError): AppError =>
  new AppError(isCode(code) ? code : 'FAILED', message, hint);
