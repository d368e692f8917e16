/** End to end: the whole application in a real Chromium and a real Electron. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts', 'test/electron/**/*.e2e.ts'],
    pool: 'forks',
    // a machine has one display and few cores
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 5_000,
    retry: 0,
  },
});
