/** Lets timers, signals and input be handled: engines whose reads resolve at once would otherwise never let go of the process. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
