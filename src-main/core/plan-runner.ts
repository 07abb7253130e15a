/** The next step of one runner: forward to ready, through its job, or to its end. */
import type { Action } from './actions.ts';
import type { Pool } from '../contract/pool.ts';
import { delayAfter } from './backoff.ts';
import { matches } from './labels.ts';
import { isPerRepository, isSameScope } from './made-for.ts';
import type { ForgeTraits, PlanInput, PoolState, RunnerState, Wake } from './plan-types.ts';
import { isAtWork, provenIdle } from './phase.ts';
import { coresOf, type Observation, type RunnerRecord } from './runner.ts';

/** A fenced agent that does not exit by itself gets its stop signal after this. */
export const fenceGraceMs = 60_000;
/** After the stop signal, until everything of it is killed. */
export const killGraceMs = 10_000;
/** Two fresh observations this far apart make a ghost. */
export const ghostMs = 60_000;

/** Could the runtime not be asked what runs of it? Then nothing is done to it. */
export function isUnseen(o: Observation): boolean {
  return o.instance === null && o.worker === 'unknown';
}

/** The step that this runner needs now, or null; `wake` is told when time alone will bring one. */
export function stepOf(r: RunnerState, input: PlanInput, wake: Wake): Action | null {
  const { record } = r;
  if (record.job !== null) return jobStep(r, input, wake);
  if (isUntold(r)) {
    return { do: 'adopt', key: record.name, why: 'Its agent was started, and the journal was not told.' };
  }
  if (!r.traits.agent.waits && r.o.instance?.state === 'ended') {
    return { do: 'settle', key: record.name, why: 'Its job is recorded; what it left is cleaned up.' };
  }
  if (record.failure !== null || record.ending !== null || r.view.phase === 'removing') {
    return endStep(r, input, wake);
  }
  const why = endReason(r, input, wake);
  if (why !== null) return { do: 'fence', key: record.name, why, now: input.stop === 'now' };
  return makeStep(r, input, wake);
}

/** Was its agent, which waits for jobs, started by a supervisor that ended before it wrote that down? */
function isUntold({ record, o, traits }: RunnerState): boolean {
  const begun = o.instance?.state === 'running' || o.instance?.state === 'ended';
  return traits.agent.waits && record.startedAt === null && begun;
}

function makeStep(r: RunnerState, input: PlanInput, wake: Wake): Action | null {
  const { record, view } = r;
  const step = { key: record.name, why: view.why };
  switch (view.phase) {
    case 'planned':
      wake(record.notBefore);
      return null;
    case 'registering':
      return { do: 'register', ...step };
    case 'preparing':
      return { do: 'prepare', ...step };
    case 'starting':
      return startsNow(r, input, wake) ? { do: 'start', job: null, ...step } : null;
    case 'stuck':
      return { do: 'fence', now: input.stop === 'now', ...step };
    case 'busy':
      return input.stop === 'now'
        ? { do: 'fence', now: true, key: record.name, why: 'Stopped at once by the owner.' }
        : null;
    case 'idle':
    case 'draining':
    case 'removing':
    case 'gone':
    case 'failed':
      return null;
  }
}

/** Is its agent to be started now? A dead one waits by the pool's back-off, counted from its last start. */
function startsNow(r: RunnerState, input: PlanInput, wake: Wake): boolean {
  const { instance, worker } = r.o;
  // What is left of the former process ends with the start: that may be a worker at its job.
  if (instance?.state === 'running' || worker === 'unknown') return false;
  const { startedAt } = r.record;
  if (instance?.state !== 'ended' || r.pool === null || startedAt === null) return true;
  const { failures, retryAt } = r.pool.memory.backoff;
  const at = Math.max(retryAt, startedAt + delayAfter(failures + 1, 0));
  wake(at);
  return input.now >= at;
}

/** A runner that begins with its job: from the claim to the recorded outcome. */
function jobStep(r: RunnerState, input: PlanInput, wake: Wake): Action | null {
  const { record, o } = r;
  const key = record.name;
  if (o.instance?.job === record.job && o.instance.state === 'ended') {
    return { do: 'settle', key, why: 'Its job has ended.' };
  }
  const end = jobEndReason(r, input, wake);
  const running = o.instance?.job === record.job && o.instance.state === 'running';
  if (running && record.startedAt === null) {
    return { do: 'adopt', key, why: 'Its job runs, and the journal was not told.' };
  }
  if (!running && record.startedAt !== null) {
    return { do: 'settle', key, why: 'Its job had begun, and nothing of it is left.' };
  }
  if (!running) {
    return end === null
      ? { do: 'start', job: record.job, key, why: 'Its job was claimed and has not begun.' }
      : { do: 'settle', key, why: end };
  }
  if (end === null) return null;
  if (input.stop === 'now' && record.ending?.now !== true) return { do: 'fence', key, why: end, now: true };
  return endProcess(r, end, input.now, wake);
}

/** Why a running job is to be ended, in a sentence; null: it runs on. */
function jobEndReason(r: RunnerState, input: PlanInput, wake: Wake): string | null {
  const { o, record } = r;
  const job = typeof o.forge === 'string' ? null : o.forge.job;
  if (job?.cancel === true) return 'Its job was cancelled by the owner.';
  if (record.ending?.now === true) return record.ending.why;
  if (input.stop === 'now') return 'Stopped at once by the owner.';
  if (job?.timeLimitMs != null && o.jobElapsedMs !== null) {
    if (o.jobElapsedMs >= job.timeLimitMs) return 'Its job reached its time limit.';
    wake(input.now + job.timeLimitMs - o.jobElapsedMs);
  }
  return null;
}

/** First the signal, then, after a grace, the end of everything; null while the grace lasts. */
function endProcess(r: RunnerState, why: string, now: number, wake: Wake): Action | null {
  const { signalledAt, name } = r.record;
  if (signalledAt === null) return { do: 'signal', key: name, why };
  const grace = r.traits.agent.killGraceMs ?? killGraceMs;
  if (now - signalledAt >= grace) return { do: 'kill', key: name, why };
  wake(signalledAt + grace);
  return null;
}

/** An ended runner: wait for its work, signal a waiting agent, then remove it at the forge, then forget it. */
function endStep(r: RunnerState, input: PlanInput, wake: Wake): Action | null {
  const { record, o, traits } = r;
  const why = record.failure?.problem.message ?? record.ending?.why ?? r.view.why;
  const atOnce = record.ending?.now === true;
  const running = o.instance?.state === 'running';
  if (atOnce && (running || o.worker === 'running')) return endProcess(r, why, input.now, wake);
  if (running) {
    if (input.stop === 'now') return { do: 'fence', key: record.name, why, now: true };
    if (record.fencedAt === null) {
      return traits.can.fence ? { do: 'fence', key: record.name, why, now: false } : null;
    }
    if (!provenIdle(o) || !traits.can.fence) return null;
    if (input.now - record.fencedAt >= fenceGraceMs)
      return isFenceRefused(r)
        ? { do: 'fence', key: record.name, why, now: false }
        : endProcess(r, why, input.now, wake);
    wake(record.fencedAt + fenceGraceMs);
    return null;
  }
  // Its agent is gone, but a worker may have outlived it, or the forge still counts on its job.
  if (!atOnce && (o.worker === 'unknown' || isAtWork(o))) return null;
  if (record.removedAt === null) return { do: 'remove', key: record.name, why, ghost: null };
  return { do: 'forget', key: record.name, why };
}

/**
 * Is it there for its one job as ever, though it was fenced? Then the forge had handed it a job of which nothing shows
 * yet, or which it has taken back since.
 */
function isFenceRefused({ record, o }: RunnerState): boolean {
  return record.oneJob && record.signalledAt === null && typeof o.forge !== 'string' && !o.forge.fenced;
}

/** Why a runner that is not at work is to be ended whatever the demand; null: it stays. */
function endReason(r: RunnerState, input: PlanInput, wake: Wake): string | null {
  const { record, pool, view } = r;
  if (view.phase === 'busy' && !(r.traits.agent.waits && !record.oneJob)) return null;
  if (pool === null) return 'Its pool was removed.';
  if (!pool.allowance.newRunners) return pool.allowance.reasons[0]?.message ?? 'No runner is allowed now.';
  const closed = record.scope === null ? undefined : pool.closed?.get(record.scope);
  if (closed !== undefined) return closed;
  if (view.phase === 'busy') return null;
  if (typeof r.o.forge !== 'string' && r.o.forge.fenced) return 'It takes no jobs any more.';
  if (isOutdated(r)) return 'Its pool was changed: it is replaced.';
  // An idle agent that cannot be fenced is never ended: it would only stop counting, and a new one be made beside it.
  if (!r.traits.can.fence) return null;
  const { maxLifetimeSeconds } = pool.pool;
  if (maxLifetimeSeconds > 0) {
    const end = record.intendedAt + maxLifetimeSeconds * 1000;
    if (input.now >= end) return 'It reached its longest life.';
    wake(end);
  }
  return null;
}

/** Does a runner of this pool take one job only? Where a forge's waiting agents can be one-job, auto makes those. */
export function oneJobOf(pool: Pool, traits: ForgeTraits): boolean {
  return pool.mode === 'ephemeral' || (pool.mode === 'auto' && traits.agent.waits && traits.can.oneJob);
}

/** Made by an older wish of its pool. */
function isOutdated(r: RunnerState): boolean {
  const { record, pool } = r;
  if (pool === null) return true;
  return (
    record.oneJob !== oneJobOf(pool.pool, r.traits) ||
    record.forge !== pool.pool.forge ||
    record.account !== pool.pool.account ||
    record.group !== pool.pool.group ||
    !isWithin(record, pool.pool) ||
    record.arch !== pool.pool.arch ||
    Math.abs(coresOf(record.resources) - pool.runner.cores) > 1e-6 ||
    record.resources.memoryMiB !== pool.runner.memoryMiB ||
    !hasItsLabels(record, pool)
  );
}

/** Is it registered where its pool takes jobs? */
function isWithin({ scope, madeFor }: RunnerRecord, pool: Pool): boolean {
  if (madeFor === null || !isPerRepository(pool)) return isSameScope(scope, pool.scope);
  const owner = pool.scope?.slice(0, -1).toLowerCase();
  return owner !== undefined && scope?.toLowerCase().startsWith(owner) === true;
}

/** One made for a job carries that job's labels, which the pool must still offer. */
function hasItsLabels({ labels, madeFor, arch }: RunnerRecord, pool: PoolState): boolean {
  if (madeFor !== null) return matches(labels, arch, pool.labels, arch, pool.implied);
  return labels.length === pool.labels.length && labels.every((label) => pool.labels.includes(label));
}

/** What is found without a record: adopted when it holds a job or lives, else cleaned away. */
export function strayStep(o: Observation, input: PlanInput, wake: Wake): Action | null {
  if (o.instance !== null) {
    return o.instance.state === 'running' || o.instance.job !== null
      ? { do: 'adopt', key: o.name, why: 'It lives, and the journal has lost it.' }
      : { do: 'forget', key: o.name, why: 'Its folder is left over, and in no journal.' };
  }
  if (typeof o.forge === 'string' || o.worker !== 'none') return null;
  const since = input.ghostSince.get(o.name);
  if (since === undefined) return null;
  if (input.now - since < ghostMs) {
    wake(since + ghostMs);
    return null;
  }
  if (o.forge.busy) return null;
  return {
    do: 'remove',
    key: o.name,
    why: 'Registered by us at the forge, and nothing of it is here.',
    ghost: { forge: o.forge.forge, id: o.forge.id },
  };
}
