// `npm start`: builds, then starts the desktop application, or where there can be none, the supervisor in the
// foreground; arguments after `--` go to it. `npm start -- --headless` asks for the second one.
import { spawn, spawnSync } from 'node:child_process';
import { desktopForm } from './electron.mjs';

for (const config of ['vite.config.ts', 'vite.renderer.config.ts']) {
  const vite = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', '--config', config];
  const built = spawnSync(process.execPath, vite, { stdio: ['inherit', 'ignore', 'inherit'] });
  if (built.status !== 0) process.exit(built.status ?? 1);
}

let child;
let asked = false;
let last = -Infinity;

const args = process.argv.slice(2).filter((word) => word !== '--headless');
const form = process.argv.includes('--headless') ? { why: 'that was asked for' } : desktopForm();

/** A desktop application that cannot start at all (its sandbox, a library) ends within this time. */
const stillbornMs = 5000;

if (form.binary) {
  console.log('Starting the desktop application; Ctrl-C quits it.');
  const begun = performance.now();
  start(form.binary, ['.', ...args], (code, signal) => {
    const ended = signal ?? `code ${code}`;
    if (code === 0 || asked || performance.now() - begun > stillbornMs) process.exit(code ?? 1);
    headless(`it could not start (${ended})`);
  });
} else headless(form.why);

function headless(why) {
  console.log(`No desktop application, because ${why}: the supervisor runs in this terminal.`);
  start(process.execPath, ['dist/cli.cjs', 'run', '--welcome', ...args], (code) => process.exit(code ?? 1));
}

// In a process group of its own, so that signals reach it through us alone: one wish to end can arrive here several
// times (from the terminal and again from npm), and to the supervisor a second one means "end the jobs too".
function start(program, words, ended) {
  child = spawn(program, words, { stdio: 'inherit', detached: process.platform !== 'win32' });
  child.on('exit', ended);
}

function pass(signal) {
  asked = true;
  const now = performance.now();
  if (now - last > 1000) child.kill(signal);
  last = now;
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass);
process.on('SIGHUP', () => pass('SIGTERM'));

// The shell that npm puts between dies of a signal without passing it on; we notice by having another parent.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  pass('SIGTERM');
}, 200);
