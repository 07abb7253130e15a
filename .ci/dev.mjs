// `npm run dev`: rebuilds on every change and runs the supervisor again; arguments after `--` go to it.
import { spawn } from 'node:child_process';
import { build } from 'vite';

let supervisor;
let again = false;

function start() {
  supervisor = spawn(process.execPath, ['dist/cli.cjs', 'run', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  supervisor.once('exit', () => {
    supervisor = undefined;
    if (again) start();
    again = false;
  });
}

const watcher = await build({ logLevel: 'warn', build: { watch: {} } });
watcher.on('event', (event) => {
  if (event.code === 'ERROR') console.error(event.error.message);
  if (event.code !== 'BUNDLE_END') return;
  if (!supervisor) return start();
  // One signal only: the supervisor takes a second one as "end the jobs too".
  if (!again) supervisor.kill('SIGTERM');
  again = true;
});

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    again = false;
    if (signal === 'SIGTERM') supervisor?.kill(signal);
    void watcher.close();
  });
