/** Sleep, waking and shutting down, told by a stand-in for logind. */
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DesktopSite, noDesktop } from '../support/desktop.ts';
import { startBus, type Started } from '../support/display.ts';
import { until } from '../support/until.ts';

function noLogind(): string | null {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import dbusmock'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'python3-dbusmock is not installed';
  }
}

const lacking = noDesktop() ?? noLogind();
let site: DesktopSite;
let system: Started;
let endLogind: () => void;

beforeEach(async ({ skip, onTestFailed }) => {
  if (lacking !== null) skip(lacking);
  system = await startBus();
  const env = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: system.value };
  const logind = spawn('/usr/bin/python3', ['-m', 'dbusmock', '--system', '--template', 'logind'], {
    env,
    stdio: 'ignore',
  });
  endLogind = () => logind.kill('SIGKILL');
  await until(() => {
    try {
      return call(
        'org.freedesktop.DBus',
        '/',
        'org.freedesktop.DBus.NameHasOwner',
        'org.freedesktop.login1',
      ).includes('true');
    } catch {
      return false;
    }
  }, 'logind is there');
  site = await DesktopSite.start({ env: { DBUS_SYSTEM_BUS_ADDRESS: system.value } });
  onTestFailed(() => {
    console.log(site.log());
  });
});

afterEach(async () => {
  if (lacking !== null) return;
  await site.dispose();
  endLogind();
  await system.dispose();
});

function call(to: string, object: string, method: string, ...args: readonly string[]): string {
  const words = [
    'call',
    '--address',
    system.value,
    '--dest',
    to,
    '--object-path',
    object,
    '--method',
    method,
    ...args,
  ];
  return execFileSync('gdbus', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function emit(signal: string, value: boolean): void {
  const args = ['org.freedesktop.login1.Manager', signal, 'b', `[<${value}>]`];
  call('org.freedesktop.login1', '/org/freedesktop/login1', 'org.freedesktop.DBus.Mock.EmitSignal', ...args);
}

/** Electron hears of each sleep and each waking twice, the second time a moment later; no real sleep is shorter. */
const lag = 500;

/** Tells of sleep or waking until it is known: the application may listen a moment later than it says. */
async function told(asleep: boolean, isKnown: () => boolean, what: string): Promise<void> {
  let last = -Infinity;
  await until(() => {
    if (performance.now() - last > 1000) {
      last = performance.now();
      emit('PrepareForSleep', asleep);
    }
    return isKnown();
  }, what);
}

/** Does the application wait for the machine's news? It asks logind to wait for it. */
async function listening(): Promise<void> {
  await site.snapshot();
  await until(
    () =>
      call(
        'org.freedesktop.login1',
        '/org/freedesktop/login1',
        'org.freedesktop.DBus.Mock.GetMethodCalls',
        'Inhibit',
      ).includes('sleep'),
    'it listens',
  );
}

test('waking up makes it look at everything again, each time', async () => {
  await site.launch({ args: ['--background'] });
  await listening();
  const { version } = await site.snapshot();
  for (let i = 0; i < 2; i++) {
    await told(true, () => site.log().split('goes to sleep').length > i + 1, 'it knows of the sleep');
    await delay(lag);
    await told(false, () => site.log().split('is awake again').length > i + 1, 'it knows of the waking');
    await delay(lag);
  }
  await site.snapshot((s) => s.version > version, 'it has looked again');
  await until(() => site.supervisorLog().includes('The machine woke.'), 'it asks again what the machine is');
});

test('when the machine shuts down it ends at once, and leaves jobs to the next start', async () => {
  const application = await site.launch({ args: ['--background'] });
  await listening();
  await site.home.json(['pool', 'add', '--forge', 'local']);
  const job = await site.home.submit(['sh', '-c', 'until [ -e go ]; do sleep 0.05; done'], {
    cwd: site.folder,
  });
  await site.snapshot((s) => s.runners.some((r) => r.job?.id === job), 'the job runs');
  emit('PrepareForShutdown', true);
  await until(() => !site.isOpen(application), 'the application has ended');
  expect((await site.history(job)).state).toBe('running');
  site.touch('go');
});
