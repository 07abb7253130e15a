// Runs the named npm scripts one after another (`check:*` = all that begin so), all of them even if one fails, and says
// at the end which failed.
// With HOMERUNNER_TEST_RESULTS=FOLDER it leaves steps.json there, and vitest a file for each step that is one of its
// runs; .ci/totals.mjs counts them.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

let current;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    current?.kill(signal);
    process.exit(1);
  });

const results = process.env.HOMERUNNER_TEST_RESULTS;
const reportOf = (name) => join(results, `${name.replaceAll(':', '-')}.json`);

const run = (name) =>
  new Promise((resolve) => {
    const env = results ? { ...process.env, HOMERUNNER_TEST_REPORT: reportOf(name) } : process.env;
    const args = [process.env.npm_execpath, 'run', '--silent', name];
    current = spawn(process.execPath, args, { stdio: 'inherit', env });
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

if (results)
  writeFileSync(
    join(results, 'steps.json'),
    JSON.stringify(steps.map((step) => ({ ...step, report: reportOf(step.name) }))),
  );
process.exitCode = steps.every((step) => step.ok) ? 0 : 1;
