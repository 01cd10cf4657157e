import { defineConfig } from 'vitest/config';

// Tests run as built, from dist/test: what is tested is what ships, worker threads included.
export default defineConfig({
  test: {
    include: ['dist/test/**/*.test.js'],
    exclude: ['node_modules'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
