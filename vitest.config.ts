import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { constants } from './vite.config.ts';

// Before any worker starts: a thread that changes its own copy would not change the clock's zone.
process.env['TZ'] = 'UTC';

/** `.ci/run` names a folder for machine-readable results; each vitest run leaves one file there. */
const results = process.env['HOMERUNNER_TEST_RESULTS'];

export default defineConfig({
  define: constants(true),
  test: {
    clearMocks: true,
    unstubEnvs: true,
    teardownTimeout: 20_000,
    reporters: results ? ['default', 'json'] : ['default'],
    ...(results && { outputFile: { json: join(results, `vitest-${process.pid}.json`) } }),
    coverage: {
      provider: 'v8',
      include: ['src-main/core/**/*.ts', 'src-main/app/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text', 'html'],
    },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src-main/**/*.test.ts'], pool: 'threads' },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.spec.ts'],
          pool: 'forks',
          // They start real supervisors and measure time: one file at a time, so that none disturbs another.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
