/** The phase of a runner, computed from what is observed of it. The first rule that holds decides. */
import type { Phase } from '../contract/snapshot.ts';
import { forgeNames } from './forge-names.ts';
import type { AgentTraits } from './agent-port.ts';
import type { ForgeRunner, Observation, RunnerRecord } from './runner.ts';

/** Offline this long on fresh answers, idle by the forge and without a worker: it will not come back by itself. */
export const stuckOfflineMs = 5 * 60_000;
/** Its output tells of a job, no worker does it, and the forge says it is not in progress. */
export const stuckPhantomMs = 10 * 60_000;

export interface PhaseView {
  readonly phase: Phase;
  readonly why: string;
}

interface Facts {
  readonly o: Observation;
  readonly record: RunnerRecord;
  readonly forge: ForgeRunner | null;
  readonly now: number;
  readonly agent: AgentTraits;
}

interface Rule {
  readonly phase: Phase;
  /** The condition in words: the README's table is made of these. */
  readonly when: string;
  readonly holds: (f: Facts) => boolean;
  readonly why: (f: Facts) => string;
}

/** Does any witness (worker, running agent, journal, forge) tell of a job? */
export function isAtWork(o: Observation): boolean {
  if (o.worker === 'running' || o.record?.job != null || isTold(o)) return true;
  return typeof o.forge !== 'string' && o.forge.busy;
}

/** Does its agent tell of a job? Its worker is there a moment later, and the forge's list later still. */
function isTold({ told, instance }: Observation): boolean {
  return told != null && instance?.state === 'running';
}

/** Has its agent ever been started? One that waits for jobs and was not has none, whatever its forge says. */
export function hasBegun({ record, instance }: Observation): boolean {
  return record?.startedAt !== null || (instance !== null && instance.state !== 'prepared');
}

const atWork = ({ o, agent }: Facts): boolean => isAtWork(o) && (hasBegun(o) || !agent.waits);

/** Its agent told of a job, and never of its end; how it ended is not written down yet. */
const hasLeftJob = ({ o, record }: Facts): boolean =>
  o.told != null && record.oneJob && record.jobsDone === 0;

const isStuck = ({ o, now, agent }: Facts): boolean =>
  agent.waits &&
  o.instance?.state === 'running' &&
  o.worker === 'none' &&
  o.forge !== 'unknown' &&
  ((o.offlineSince !== null && now - o.offlineSince >= stuckOfflineMs) ||
    (o.phantomJobSince !== null && now - o.phantomJobSince >= stuckPhantomMs));

/** In order: the first that holds is the phase. `gone` is what remains when there is no record. */
export const phaseRules: readonly Rule[] = [
  {
    phase: 'removing',
    when: 'its agent has ended without a word of its job and no worker of it is left, or the forge still calls it busy: until the forge notices',
    holds: (f) =>
      f.agent.waits &&
      f.record.startedAt !== null &&
      f.o.instance?.state === 'ended' &&
      f.o.worker === 'none' &&
      (f.forge?.busy === true || hasLeftJob(f)),
    why: (f) =>
      `Its agent is gone; ${forgeNames[f.record.forge]} has not noticed yet, which takes it about 10 minutes.`,
  },
  {
    phase: 'failed',
    when: 'a step failed, and it has no job: cleaned up, and replaced after the back-off',
    holds: (f) => f.record.failure !== null && !atWork(f),
    why: (f) => f.record.failure?.problem.message ?? '',
  },
  {
    phase: 'draining',
    when: 'its end is decided, and it finishes its job first',
    holds: (f) => f.record.ending !== null && atWork(f),
    why: (f) => `Finishing its job, then it ends: ${f.record.ending?.why ?? ''}`,
  },
  {
    phase: 'busy',
    when: 'any witness (worker, agent, journal, forge) tells of a job',
    holds: atWork,
    why: (f) => {
      const name = f.o.told?.name ?? f.forge?.job?.name;
      return name === undefined ? 'Works on a job.' : `Works on ${name}.`;
    },
  },
  {
    phase: 'stuck',
    when: 'its agent runs without a worker, and is offline for 5 min on fresh answers or tells for 10 min of a job that the forge denies',
    holds: isStuck,
    why: (f) =>
      f.o.offlineSince !== null
        ? 'Offline at the forge and without work.'
        : 'Told of a job that nobody does.',
  },
  {
    phase: 'removing',
    when: 'its end is decided, and its agent does not run any more; or the forge has removed it',
    holds: (f) =>
      f.record.removedAt !== null || (f.record.ending !== null && f.o.instance?.state !== 'running'),
    why: (f) => f.record.ending?.why ?? 'Its registration is removed.',
  },
  {
    phase: 'draining',
    when: 'its end is decided, and its idle agent has not exited yet',
    holds: (f) => f.record.ending !== null,
    why: (f) => f.record.ending?.why ?? '',
  },
  {
    phase: 'planned',
    when: 'written down; its turn to register has not come',
    holds: (f) => f.record.registration === null && f.now < f.record.notBefore,
    why: () => 'Waits for its turn to register.',
  },
  {
    phase: 'registering',
    when: 'written down; the forge has not answered with an id',
    holds: (f) => f.record.registration === null,
    why: (f) => `Registers at ${f.record.forge}.`,
  },
  {
    phase: 'preparing',
    when: 'registered; its folder is not ready',
    holds: (f) => f.record.preparedAt === null,
    why: () => 'Its folder is made ready.',
  },
  {
    phase: 'removing',
    when: 'its one job is done, or its one-job agent has exited',
    holds: (f) =>
      f.record.oneJob && (f.record.jobsDone > 0 || (f.agent.waits && f.o.instance?.state === 'ended')),
    why: (f) => (f.record.jobsDone > 0 ? 'Its one job is done.' : 'Its agent has ended.'),
  },
  {
    phase: 'starting',
    when: 'its folder is ready; its agent does not run, or has not been seen online yet',
    holds: (f) =>
      f.agent.waits &&
      (f.o.instance?.state !== 'running' || (f.record.idleSince === null && f.forge?.online !== true)),
    why: (f) =>
      f.o.offlineSince === null
        ? 'Its agent starts.'
        : `Its agent has not come online at ${forgeNames[f.record.forge]}; it is replaced when that stays so.`,
  },
  {
    phase: 'idle',
    when: 'none of these: ready for a job',
    holds: () => true,
    why: (f) =>
      f.o.offlineSince === null
        ? 'Ready for a job.'
        : `${forgeNames[f.record.forge]} ${f.o.forge === 'absent' ? 'does not know it any more' : 'calls it offline'}; it is replaced when that stays so.`,
  },
];

/** The phase of one runner now (steady milliseconds), for an agent of these traits. */
export function phaseOf(o: Observation, now: number, agent: AgentTraits): PhaseView {
  const { record } = o;
  if (record === null) {
    if (o.instance === null && (o.forge === 'absent' || o.forge === 'unknown')) {
      return { phase: 'gone', why: 'Nothing of it is left.' };
    }
    return o.worker === 'none' && o.instance?.state !== 'running'
      ? { phase: 'removing', why: 'Left over, and in no journal.' }
      : { phase: 'busy', why: 'Runs, and is in no journal: it is adopted.' };
  }
  const forge = typeof o.forge === 'string' ? null : o.forge;
  const facts: Facts = { o, record, forge, now, agent };
  for (const rule of phaseRules) {
    if (rule.holds(facts)) return { phase: rule.phase, why: rule.why(facts) };
  }
  return { phase: 'idle', why: 'Ready for a job.' };
}

/**
 * True only when every witness that can speak says that it has no job: then, and only then, may its process be ended
 * without the owner's explicit "now". A missing answer is not a no.
 */
export function provenIdle(o: Observation): boolean {
  if (o.record?.job != null) return false;
  if (o.worker !== 'none' || isTold(o)) return false;
  if (o.forge === 'unknown') return false;
  return o.forge === 'absent' || !o.forge.busy;
}
