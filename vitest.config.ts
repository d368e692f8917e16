import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const renderer = 'test/renderer/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    // most tests compute on one core
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 2_000,
    projects: [
      { extends: true, test: { name: 'core', include: ['test/**/*.test.ts'], exclude: [renderer] } },
      {
        extends: true,
        plugins: [svelte(), svelteTesting()],
        test: {
          name: 'renderer',
          include: [renderer],
          environment: 'jsdom',
          setupFiles: ['renderer/testing/setup.ts'],
          testTimeout: 20_000,
        },
      },
    ],
  },
});
