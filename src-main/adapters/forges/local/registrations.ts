/** The runners that are registered here, and the job that each has: in memory, told from the journal at start. */
import type { JobRow } from '../../../core/ports.ts';
import type { ForgeRunner } from '../../../core/runner.ts';

interface Registration {
  readonly id: string;
  fenced: boolean;
  job: ForgeRunner['job'];
}

export interface Registrations {
  add(name: string): string;
  has(name: string): boolean;
  remove(name: string): void;
  /** The claim lock: no job is handed to it from now on. */
  fence(name: string): void;
  /** May it be handed a job? */
  free(name: string): boolean;
  give(name: string, row: JobRow): void;
  take(name: string): void;
  started(name: string, at: number): void;
  /** Marks the job, whoever has it, as to be ended. */
  cancel(job: string): void;
  busy(name: string): boolean;
  list(seenAt: number): ForgeRunner[];
}

export function newRegistrations(): Registrations {
  const known = new Map<string, Registration>();
  const change = (name: string, fn: (registration: Registration) => void) => {
    const registration = known.get(name);
    if (registration !== undefined) fn(registration);
  };
  return {
    add(name) {
      const id = `local-${name}`;
      if (!known.has(name)) known.set(name, { id, fenced: false, job: null });
      return id;
    },
    has: (name) => known.has(name),
    remove: (name) => void known.delete(name),
    fence: (name) => change(name, (r) => (r.fenced = true)),
    free(name) {
      const registration = known.get(name);
      return registration !== undefined && !registration.fenced && registration.job === null;
    },
    give: (name, row) => change(name, (r) => (r.job = jobOf(row))),
    take: (name) => change(name, (r) => (r.job = null)),
    started: (name, at) =>
      change(name, (r) => {
        if (r.job !== null) r.job = { ...r.job, startedAt: at };
      }),
    cancel(job) {
      for (const r of known.values()) if (r.job?.id === job) r.job = { ...r.job, cancel: true };
    },
    busy: (name) => known.get(name)?.job != null,
    list: (seenAt) =>
      [...known].map(([name, { id, fenced, job }]) => ({
        name,
        forge: 'local',
        id,
        online: true,
        busy: job !== null,
        fenced,
        job,
        seenAt,
      })),
  };
}

function jobOf({ job, submission, cancelRequested }: JobRow): ForgeRunner['job'] {
  const seconds = submission?.timeoutSeconds ?? 0;
  return {
    id: job.id,
    name: job.name,
    url: job.url,
    startedAt: job.startedAt,
    timeLimitMs: seconds > 0 ? seconds * 1000 : null,
    cancel: cancelRequested,
  };
}
