// `npm start`: builds, then runs the supervisor in the foreground; arguments after `--` go to it.
import { spawn, spawnSync } from 'node:child_process';

const vite = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'];
const built = spawnSync(process.execPath, vite, { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

// In a process group of its own, so that signals reach it through us alone: one wish to end can arrive here several
// times (from the terminal and again from npm), and to the supervisor a second one means "end the jobs too".
const args = ['dist/cli.cjs', 'run', '--welcome', ...process.argv.slice(2)];
const supervisor = spawn(process.execPath, args, {
  stdio: 'inherit',
  detached: process.platform !== 'win32',
});
supervisor.on('exit', (code) => process.exit(code ?? 1));

let last = -Infinity;
function pass(signal) {
  const now = performance.now();
  if (now - last > 1000) supervisor.kill(signal);
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
