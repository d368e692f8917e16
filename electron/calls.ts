/** What a page may ask of the shell, as schemas: names of files are never paths, and everything has a bound. */
import * as v from 'valibot';

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const fileName = v.pipe(text(200), v.regex(/^[^/\\\0]+$/), v.notValue('.'), v.notValue('..'));
const bytes = v.instance(Uint8Array);

export const calls = {
  save: v.strictTuple([fileName, bytes, text(100)]),
  open: v.strictTuple([
    v.strictObject({
      title: text(200),
      extensions: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^\w{1,16}$/))), v.maxLength(50))),
      multiple: v.optional(v.boolean()),
    }),
  ]),
  copyImage: v.strictTuple([bytes]),
  copyText: v.strictTuple([text(50_000_000)]),
  startDrag: v.strictTuple([fileName, bytes]),
  notify: v.strictTuple([text(200), text(1000)]),
  setProgress: v.strictTuple([v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1)))]),
  /** The shell knows the jobs itself; a browser has only this. */
  setBusy: v.strictTuple([v.boolean()]),
  openFolder: v.strictTuple([text(4096)]),
  setCommands: v.strictTuple([
    v.pipe(
      v.array(v.strictObject({ id: text(100), title: text(200), group: text(100), keys: text(50) })),
      v.maxLength(500),
    ),
  ]),
  ready: v.strictTuple([]),
};

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type Arguments<N extends CallName> = v.InferOutput<Calls[N]>;

/** What a call comes back with: a thrown error would reach the page with the channel's name before its sentence. */
export type Answer = { readonly value: unknown } | { readonly problem: string };
