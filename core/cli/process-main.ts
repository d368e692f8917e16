/** Starts a child process of the host: bundled to dist/process.mjs. */
import { runChild } from '../host/process';
import { suiteWork } from './suite-work';

// Ctrl-C in a terminal reaches the whole group; the host decides when its children end.
process.on('SIGINT', () => undefined);
await runChild(process.argv.slice(2), suiteWork);
