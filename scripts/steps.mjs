// Runs the named npm scripts one after another (`check:*` = all that begin so), all of them even if one fails, and says
// at the end which failed.
// With HOMERUNNER_TEST_RESULTS=FOLDER it leaves the outcome there as steps-<pid>.json (read by .ci/totals.mjs).
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

let current;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    current?.kill(signal);
    process.exit(1);
  });

const run = (name) =>
  new Promise((resolve) => {
    current = spawn(process.execPath, [process.env.npm_execpath, 'run', '--silent', name], {
      stdio: 'inherit',
    });
    current.on('exit', (code) => resolve(code === 0));
  });

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const named = (name) =>
  name.endsWith('*') ? Object.keys(scripts).filter((script) => script.startsWith(name.slice(0, -1))) : [name];

const steps = [];
for (const name of process.argv.slice(2).flatMap(named)) {
  console.log(`\n== ${name}`);
  const began = performance.now();
  const ok = await run(name);
  steps.push({ name, ok, seconds: Math.round((performance.now() - began) / 100) / 10 });
}

console.log();
for (const { name, ok, seconds } of steps) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);

const results = process.env.HOMERUNNER_TEST_RESULTS;
if (results) writeFileSync(join(results, `steps-${process.pid}.json`), JSON.stringify({ steps }));
process.exitCode = steps.every((step) => step.ok) ? 0 : 1;
