import { writeFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import type { Reporter, TestModule } from 'vitest/node';
import { constants } from './vite.config.ts';

// Before any worker starts: a thread that changes its own copy would not change the clock's zone.
process.env['TZ'] = 'UTC';

/** The outcome as plain JSON, with the reasons of skipped tests, which vitest's own JSON leaves out. */
const outcome = (file: string): Reporter => ({
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const failing = (module: TestModule) => [...module.children.allTests('failed')].length > 0;
    const broken = modules.filter((module) => module.state() === 'failed' && !failing(module)).length;
    const skipped = tests.flatMap((test) => {
      const result = test.result();
      const name = `${test.module.relativeModuleId} > ${test.fullName}`;
      const mode = test.options.mode === 'run' ? 'not reached' : test.options.mode;
      return result.state === 'skipped' ? [{ name, reason: result.note ?? mode }] : [];
    });
    const failed = count('failed') + broken + unhandledErrors.length;
    writeFileSync(file, JSON.stringify({ passed: count('passed'), failed, skipped }));
  },
});

// Set by .ci/steps.mjs when somebody wants to count.
const report = process.env['HOMERUNNER_TEST_REPORT'];

export default defineConfig({
  define: constants(true),
  test: {
    clearMocks: true,
    unstubEnvs: true,
    teardownTimeout: 20_000,
    reporters: report ? ['default', outcome(report)] : ['default'],
    coverage: {
      provider: 'v8',
      include: ['src-main/core/**/*.ts', 'src-main/app/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text', 'html'],
    },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src-{main,renderer}/**/*.test.ts'], pool: 'threads' },
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
      {
        // Pictures of the window, for `npm run screenshots`.
        extends: true,
        test: { name: 'screenshots', include: ['e2e/ui/screenshots*.ts'], testTimeout: 300_000 },
      },
    ],
  },
});
