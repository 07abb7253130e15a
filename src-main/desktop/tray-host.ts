/** Does this desktop show icons? On Linux that is asked of the session bus; elsewhere there is always a place. */
import { execFile } from 'node:child_process';

const limitMs = 1000;
const watcher = 'org.kde.StatusNotifierWatcher';
const property = 'IsStatusNotifierHostRegistered';

/** The same question to two programs, of which a system has one, both or none. */
const questions: readonly (readonly [string, ...string[]])[] = [
  [
    'gdbus',
    'call',
    '--session',
    ...['--dest', watcher, '--object-path', '/StatusNotifierWatcher'],
    ...['--method', 'org.freedesktop.DBus.Properties.Get', watcher, property],
  ],
  ['busctl', '--user', 'get-property', watcher, '/StatusNotifierWatcher', watcher, property],
];

type Run = (argv: readonly [string, ...string[]]) => Promise<{
  /** The program is there and ended in time. */
  readonly ran: boolean;
  readonly ok: boolean;
  readonly output: string;
}>;

/** True or false where it could be told; null where nobody could be asked. */
export async function hasTrayHost(platform: NodeJS.Platform, run: Run = runProgram): Promise<boolean | null> {
  if (platform !== 'linux') return true;
  for (const question of questions) {
    const { ran, ok, output } = await run(question);
    if (ran && ok) return /\btrue\b/.test(output);
    // The bus answered that nobody owns the name.
    if (ran && /ServiceUnknown|NameHasNoOwner|was not provided|could not be activated/i.test(output))
      return false;
  }
  return null;
}

const runProgram: Run = ([command, ...args]) =>
  new Promise((resolve) => {
    execFile(command, args, { timeout: limitMs }, (error, stdout, stderr) => {
      const ran = error === null || typeof error.code === 'number';
      resolve({ ran, ok: error === null, output: `${stdout}${stderr}` });
    });
  });
