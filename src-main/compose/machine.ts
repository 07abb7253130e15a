/** What is read once of this process and machine, and given to everything else as values. */
import { homedir } from 'node:os';
import { type Endpoint, endpointToReach, endpointToServe } from '../adapters/control/endpoint.ts';
import { bootId, installId, machineId, machineQuestions, userOf } from '../adapters/os/identity.ts';
import { homeFolder, layout, type Layout } from '../adapters/os/paths.ts';
import type { Os } from '../contract/host.ts';
import type { Arch } from '../contract/job.ts';
import type { Clock } from '../core/ports.ts';

export const clock: Clock = { now: Date.now, monotonic: () => performance.now() };

/** Of this process; detection tells whether it is the machine's own. */
export const hostArch = process.arch as Arch;

const systems: Partial<Record<NodeJS.Platform, Os>> = { darwin: 'macos', win32: 'windows' };

export const hostOs: Os = systems[process.platform] ?? 'linux';

export const identity = { version: __VERSION__, pid: process.pid };

/** The home folder that `--home`, the environment or the platform names. */
export function homeOf(flag: string | null): string {
  return homeFolder({ flag, env: process.env, platform: process.platform, userHome: homedir() });
}

export function uidOf(): number | null {
  return process.getuid?.() ?? null;
}

/** Where the supervisor of a home listens, for itself and for its clients. */
export function endpointHere(home: string): Endpoint {
  return endpointToServe(home, endpointHost());
}

export function endpointThere(home: string): Endpoint {
  return endpointToReach(home, endpointHost());
}

function endpointHost(): { platform: NodeJS.Platform; env: NodeJS.ProcessEnv; uid: number } {
  return { platform: process.platform, env: process.env, uid: uidOf() ?? 0 };
}

export interface Place {
  readonly layout: Layout;
  readonly install: string;
  readonly bootId: string;
}

/** Which installation a home is, and since when the machine runs. */
export async function placeOf(home: string): Promise<Place> {
  const questions = machineQuestions(process.platform);
  const [machine, boot] = await Promise.all([machineId(questions), bootId(questions)]);
  return { layout: layout(home), install: installId(machine, userOf(), home), bootId: boot };
}

/** The time of day as the people here write it, with the day when it is not today. */
export function formatClock(at: number): string {
  const sameDay = new Date(at).toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(sameDay ? {} : { weekday: 'short' }),
  }).format(at);
}
