import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Tests run as built, from dist/test: what is tested is what ships, worker threads included. Times are for a machine that is slow
 * and busy: what must end in time says so itself.
 */
export default defineConfig({
  test: {
    include: ['dist/test/**/*.test.js'],
    exclude: ['node_modules'],
    pool: 'forks',
    // Half of what the tests do is wait.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
