/** What the desktop application needs of the world: places, a log, and the supervisor, near or far. */
import path from 'node:path';
import { connect } from '../adapters/control/client.ts';
import { openLog } from '../adapters/log/file.ts';
import { createRedactor } from '../adapters/log/redact.ts';
import { ensureHome, layout, makeFolder } from '../adapters/os/paths.ts';
import { type Problem, problemOf } from '../contract/problem.ts';
import type { Log } from '../core/ports.ts';
import type { SupervisorSource } from '../desktop/supervisor-source.ts';
import type { Keyring } from './parts.ts';
import { clock, endpointThere, homeOf, identity, uidOf } from './machine.ts';

/** The home that `flag`, the environment or the platform names, made where it is absent; and why it cannot be used. */
export function desktopPlaces(flag: string | null): {
  readonly home: string;
  readonly desktop: string;
  readonly logs: string;
  readonly secrets: string;
  readonly accountSecrets: string;
  readonly problem: Problem | null;
} {
  const home = homeOf(flag);
  const { desktop, logs, secrets, accountSecrets } = layout(home);
  const found = { home, desktop, logs, secrets, accountSecrets };
  try {
    ensureHome(home, uidOf());
    makeFolder(desktop);
    return { ...found, problem: null };
  } catch (thrown) {
    return { ...found, problem: problemOf(thrown) };
  }
}

/** The application's own log, beside the supervisor's: either may run without the other. */
export function desktopLog(folder: string): Log {
  const redactor = createRedactor();
  return openLog({
    file: path.join(folder, 'desktop.log'),
    level: 'info',
    redactor,
    now: () => clock.now(),
    human: null,
  });
}

/** The supervisor of `home`: one that runs already, or one in this process. */
export function sourceOf(home: string, cwd: string, keyring: Keyring): SupervisorSource {
  return {
    version: identity.version,
    connect: () => connect(endpointThere(home), identity),
    host: async (say) => (await import('./host.ts')).host({ home, cwd, say, as: 'tray', keyring }),
  };
}
