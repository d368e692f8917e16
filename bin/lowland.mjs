#!/usr/bin/env node
// The `lowland` command: makes sure that the bundle is there and current, then hands over to it.
import { ensure } from '../tools/ensure.mjs';

// only `serve` shows a window
ensure({ window: process.argv.includes('serve') });
const { main } = await import('../dist/cli.mjs');
await main(process.argv.slice(2));
