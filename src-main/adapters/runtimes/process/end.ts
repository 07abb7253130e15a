/** Ends all that a runner's job started, and nothing else. */
import { setTimeout as delay } from 'node:timers/promises';
import { problem } from '../../../contract/problem.ts';
import type { ProcessId } from '../../../core/runner.ts';
import type { ProcessTable } from '../../os/processes.ts';
import { signalPid } from '../../os/signal.ts';
import type { Limits } from './limits/limits.ts';

/** A killed process is gone in milliseconds, unless it waits for a disk that does not answer. */
const patienceMs = 10_000;

export interface Reach {
  /** Only who asks before it begins gets a scan's answer. */
  readonly processes: ProcessTable;
  readonly limits: Limits;
}

/** The processes of the runner that live: by its control group, else by their mark. */
async function left(reach: Reach, name: string): Promise<readonly number[]> {
  return (await reach.limits.processes(name)) ?? (await reach.processes.marked()).get(name) ?? [];
}

/**
 * Kills the group that `leader` led, the control group, and every process that carries the runner's mark, until none
 * is left. Throws `cannot-clean-up` when some do not go.
 */
export async function endAll(reach: Reach, name: string, leader: ProcessId | null): Promise<void> {
  // The usual end: nobody is there who could start another.
  if ((await reach.limits.processes(name))?.length === 0) return;
  const began = performance.now();
  for (let pass = 0; ; pass++) {
    if (leader !== null) await reach.processes.signalGroup(leader, 'kill');
    await reach.limits.kill(name);
    const pids = await left(reach, name);
    // A dying process shows no mark any more before it is gone.
    const dying = leader !== null && (await reach.processes.isAlive(leader));
    if (pids.length === 0 && !dying) return;
    for (const pid of pids) signalPid(pid, 'SIGKILL');
    if (performance.now() - began > patienceMs) throw undying(name, pids);
    await delay(pass < 5 ? 2 : 25);
  }
}

function undying(name: string, pids: readonly number[]) {
  return problem(
    'cannot-clean-up',
    `Processes of ${name} do not end although they were killed (${pids.slice(0, 5).join(', ')}).`,
    'They wait for a disk or device that does not answer, or multiply faster than they can be ended; it is tried again.',
    { subject: name },
  );
}
