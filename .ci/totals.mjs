// totals.mjs FOLDER: counts what .ci/steps.mjs and vitest left there. A step that is a vitest run counts its tests,
// every other step counts as one test; a vitest run that failed without a failed test counts as one failure.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file, otherwise) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : otherwise);

const notRun = [{ name: 'npm test', ok: false, report: '' }];
const steps = read(join(process.argv[2], 'steps.json'), notRun);

let passed = 0;
let failed = 0;
const skipped = [];
for (const { name, ok, report } of steps) {
  const run = read(report, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] });
  const failures = run.failed || (ok ? 0 : 1);
  passed += run.passed;
  failed += failures;
  skipped.push(...run.skipped);
  if (failures > 0) console.log(`failed: ${name}`);
}
for (const { name, reason } of skipped) console.log(`skipped: ${name} (${reason})`);
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
