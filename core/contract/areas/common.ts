/** Inputs that many calls share. Everything that comes from a window is bounded. */
import * as v from 'valibot';

export const nothing = v.strictObject({});
export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));
export const short = v.pipe(v.string(), v.maxLength(200));
export const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
export const index = whole(0, 2 ** 31 - 1);
export const seed = whole(0, 2 ** 31 - 1);
export const finite = v.pipe(v.number(), v.finite());
/** Options as they were typed or chosen; the schema of what they configure judges them. */
export const options = v.record(short, v.union([v.number(), v.boolean(), short, v.array(v.number())]));
/** Options as `--set` takes them: by name, in text. */
export const overrides = v.record(short, v.pipe(v.string(), v.maxLength(4096)));

/** What the source's files hold; nothing is held out for validation. */
export const sides = ['train', 'test'] as const;
export const side = v.picklist(sides);
export type Side = (typeof sides)[number];

/** uint8 pixels or float32 in [0,1]. */
export const pixels = v.union([v.instance(Uint8Array), v.instance(Float32Array)]);
export const indices = v.pipe(
  v.instance(Uint32Array),
  v.check((list) => list.length <= 65_536, 'at most 65536 indices'),
);
/** An image of a dataset, or pixels [h, w, c] of one's own with the class they are meant to be, and the dataset they are like. */
export const subject = v.union([
  v.strictObject({ dataset: name, side, index }),
  v.strictObject({ pixels, label: whole(0, 10_000), dataset: v.optional(name) }),
]);
export type Subject = v.InferOutput<typeof subject>;
export const norm = v.picklist(['linf', 'l2']);
/** With the norm that only some attacks know. */
export const ballNorm = v.picklist(['linf', 'l2', 'l1']);
