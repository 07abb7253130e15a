/** Agents that wait for jobs: what they tell of themselves, and what follows from it for their records. */
import type { Problem, ProblemCode } from '../contract/problem.ts';
import { poolFailed } from './failure.ts';
import type { AgentEvidence } from '../core/agent-port.ts';
import type { ForgeRunner, Instance, RunnerRecord, ToldJob } from '../core/runner.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';

/** What could not be looked at says nothing: no agent is ended for it. */
const unseen: AgentEvidence = { worker: 'unknown', listening: false, job: null, problem: null };

/** The evidence of each agent that waits and is on this machine, by the runner's name. */
export async function lookAtAgents(
  instances: ReadonlyMap<string, Instance>,
  deps: Deps,
  state: State,
): Promise<ReadonlyMap<string, AgentEvidence>> {
  const found = new Map<string, AgentEvidence>();
  const looks = [...state.records.values()].map(async (record) => {
    const waiting = deps.forges.find((kit) => kit.id === record.forge)?.waiting;
    const instance = instances.get(record.name);
    if (waiting === undefined || instance === undefined || record.startedAt === null) return;
    try {
      const folder = await deps.runtime.folder(record.name);
      found.set(record.name, await waiting.look(record, folder, instance));
    } catch (error) {
      deps.log.warn(`${record.name} could not be looked at.`, { error: String(error) });
      found.set(record.name, unseen);
    }
  });
  await Promise.all(looks);
  for (const [name, evidence] of found) learn(name, evidence, instances.get(name), deps, state);
  return found;
}

/** What is durable of it: that it is ready, and why it ended without a job. */
function learn(
  name: string,
  evidence: AgentEvidence,
  instance: Instance | undefined,
  deps: Deps,
  state: State,
): void {
  const record = state.records.get(name);
  if (record === undefined) return;
  if (evidence.listening && record.idleSince === null) state.put({ ...record, idleSince: state.now() });
  if (instance?.state !== 'ended' || record.failure !== null || state.unsure.has(name)) return;
  if (evidence.problem !== null && isBetweenJobs(evidence, record) && record.ending === null) {
    fail(record, evidence.problem, deps, state);
  }
}

/** One that persists goes on telling of its last job when that is written down. */
function isBetweenJobs({ job }: AgentEvidence, { oneJob, lastJob }: RunnerRecord): boolean {
  if (job === null) return true;
  return !oneJob && job.name === lastJob?.name && job.startedAt === lastJob.startedAt;
}

/** What ends with the process that said so: one that persists is started again, with a back-off of its own. */
const passing: readonly ProblemCode[] = ['unexpected', 'agent-outdated'];

/** An agent that ends by itself without a job has failed, and so has its pool: a new one is made after the back-off. */
function fail(record: RunnerRecord, problem: Problem, deps: Deps, state: State): void {
  if (record.oneJob || !passing.includes(problem.code)) {
    state.put({ ...record, failure: { problem, at: state.now() } });
  } else {
    // The end of each of its processes counts once.
    if (state.endsCounted.get(record.name) === record.startedAt) return;
    state.endsCounted.set(record.name, record.startedAt);
  }
  // That somebody deleted it, or the forge while the machine slept, says nothing of the next one.
  if (problem.code !== 'not-found') poolFailed(record.pool, problem, 0, deps, state);
  deps.log.warn(`${record.name}: ${problem.message}`, { code: problem.code, hint: problem.hint });
}

/** What the forge says; but of the end of its job an agent knows before the forge does. */
export function withEvidence(
  said: ForgeRunner | 'absent' | 'unknown',
  evidence: AgentEvidence | undefined,
  instance: Instance | null,
): ForgeRunner | 'absent' | 'unknown' {
  const told = evidence?.job ?? null;
  if (told?.endedAt == null || typeof said === 'string' || evidence?.worker !== 'none') return said;
  return { ...said, busy: instance?.state === 'running' && said.busy };
}

/** The job that its agent works at by its own words; null: none. */
export function toldJob(name: string, evidence: AgentEvidence | undefined, state: State): ToldJob | null {
  const told = evidence?.job ?? null;
  if (told === null || (told.endedAt !== null && evidence?.worker !== 'running')) return null;
  const known = state.agentJobs.get(name);
  return {
    id: known?.id ?? name,
    name: known?.name ?? told.name,
    url: known?.url ?? null,
    startedAt: told.startedAt,
  };
}

/** The job that this runner has now, by its id in the history as far as it is known; null: none. */
export function presentJob(record: RunnerRecord, state: State): string | null {
  if (record.job !== null) return record.job;
  const known = state.agentJobs.get(record.name);
  return known === undefined ? null : (known.id ?? record.name);
}
