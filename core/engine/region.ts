/** Names the part of a step that is being recorded, so that a rewrite can treat it on its own. Without a recorder it means nothing. */
export type Region = 'points';

let current: Region | undefined;

/** Runs `body` as that part; ops recorded meanwhile carry its name. */
export function inRegion<T>(region: Region, body: () => T): T {
  const outer = current;
  current = region;
  try {
    return body();
  } finally {
    current = outer;
  }
}

export const currentRegion = (): Region | undefined => current;
