/** The lock of a home: held by the supervisor, or by a command that edits what the next start reads. */
import { acquireLock, type Lock } from '../adapters/control/lock.ts';
import { processTable } from '../adapters/os/process-table.ts';
import { problem } from '../contract/problem.ts';
import { endpointHere } from './machine.ts';

/** Takes the home's lock; throws `already-running`. */
export async function locked(home: string): Promise<Lock> {
  const endpoint = endpointHere(home);
  const processes = processTable(process.platform, '');
  const lock = await acquireLock(endpoint, home, {
    platform: process.platform,
    pid: process.pid,
    startTimeOf: async (pid) => (await processes.startTimeOf(pid)) ?? null,
  });
  if (lock !== null) return lock;
  throw problem(
    'already-running',
    `Another supervisor runs for the home ${home}.`,
    'See `homerunner status`; end it with `homerunner stop`.',
  );
}
