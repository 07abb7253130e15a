// `npm start`: builds, then runs the supervisor in the foreground; arguments after `--` go to it.
import { spawn, spawnSync } from 'node:child_process';

const node = (...args) => [process.execPath, args, { stdio: 'inherit' }];

const built = spawnSync(...node('node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'));
if (built.status !== 0) process.exit(built.status ?? 1);

const supervisor = spawn(...node('dist/cli.cjs', 'run', '--welcome', ...process.argv.slice(2)));
// npm passes signals on to us alone. Only Ctrl-C in a terminal reaches the supervisor by itself, and there a second
// one would mean "now", so it is not passed on again.
process.on('SIGINT', () => process.stdin.isTTY || supervisor.kill('SIGINT'));
process.on('SIGTERM', () => supervisor.kill('SIGTERM'));
supervisor.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});
