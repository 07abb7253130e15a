/**
 * The history of jobs that forges elsewhere handed to agents here: written down once when they begin, and once when
 * they end, by what the agent tells and what the forge knows.
 */
import { problemOf } from '../contract/problem.ts';
import type { AgentEvidence, AgentJob, AgentResult } from '../core/agent-port.ts';
import { recovered } from '../core/backoff.ts';
import type { RemoteForge } from '../core/forge-port.ts';
import type { Outcome } from '../core/ports.ts';
import type { Instance, RunnerRecord } from '../core/runner.ts';
import { lostOutcome, ownOutcome } from './agent-outcomes.ts';
import { rowOf } from './agent-rows.ts';
import { askedNow } from './delay.ts';
import type { Deps } from './deps.ts';
import { LateNames } from './late-names.ts';
import type { AgentJobState, State } from './state.ts';

/** The forge is asked which job it is, this often and this long; then the job goes by a name of ours. */
const askAgainMs = 2000;
const nameWithinMs = 12_000;
/** Whose agent has gone without a word is asked for at the forge, ever less often down to this; after the limit it is lost. */
const askLostMs = 15_000;
const lostAfterMs = 20 * 60_000;
/** The same where the forge answers, and knows nothing of it. */
const unknownAfterMs = 60_000;
/** A worker begins so soon after its agent told of the job, and is looked for this often. */
const beginsWithinMs = 10_000;
const soonMs = 250;
/** A worker writes on after it has told the forge how its job ended; both clocks have whole seconds. */
const wordSlackMs = 3000;

interface Seen {
  readonly record: RunnerRecord;
  readonly instance: Instance;
  readonly told: AgentJob;
  readonly worker: AgentEvidence['worker'];
  readonly remote: RemoteForge;
}

/** What has an entry in the history. */
type Known = AgentJobState & { readonly id: string };

export class AgentJobs {
  readonly #deps: Deps;
  readonly #state: State;
  readonly #wake: () => void;
  /** Runners whose job is being looked up or written down. */
  readonly #doing = new Set<string>();
  readonly #lateNames: LateNames;
  /** Runners whose job was written down since the last look at all of them was taken in. */
  readonly #justWritten = new Set<string>();
  /** What nothing tells of is looked for this soon, in milliseconds; null: there is none. */
  #lookInMs: number | null = null;

  constructor(deps: Deps, state: State, wake: () => void) {
    this.#deps = deps;
    this.#state = state;
    this.#wake = wake;
    this.#lateNames = new LateNames(deps, state, this.#doing, wake);
  }

  /** Takes in what a look at all agents has shown. */
  note(evidence: ReadonlyMap<string, AgentEvidence>, instances: ReadonlyMap<string, Instance>): void {
    this.#state.unwritten.clear();
    this.#lookInMs = null;
    for (const [name, { job: told, worker }] of evidence) {
      const record = this.#state.records.get(name);
      const instance = instances.get(name);
      const remote = this.#deps.forges.find((kit) => kit.id === record?.forge)?.remote;
      if (record === undefined || instance === undefined || remote === undefined || told === null) continue;
      if (this.#isWritten(record, told)) {
        if (this.#justWritten.has(name) && !record.oneJob) this.#awaitNext(name);
        continue;
      }
      if (instance.state === 'ended') this.#state.unwritten.add(name);
      const seen = { record, instance, told, worker, remote };
      this.#lookAgain(seen);
      this.#follow(seen);
    }
    this.#justWritten.clear();
    for (const name of this.#state.agentJobs.keys())
      if (!this.#state.records.has(name)) this.#state.agentJobs.delete(name);
    this.#lateNames.note(evidence);
  }

  /** The look was older than what was just written down: the job after that one may be the next to be told of. */
  #awaitNext(name: string): void {
    this.#state.unwritten.add(name);
    this.#lookInMs = soonMs;
  }

  /** When it has to look again though nothing wakes it, steady; null: never. */
  nextLook(): number | null {
    const now = this.#state.now();
    const times = [...this.#state.agentJobs.values()].map(({ askAt }) => askAt).filter((at) => at > now);
    if (this.#lookInMs !== null) times.push(now + this.#lookInMs);
    const ask = this.#lateNames.nextAsk();
    if (ask !== null) times.push(Math.max(ask, now));
    return times.length === 0 ? null : Math.min(...times);
  }

  /** A worker that begins after its agent has told of the job, and the end of one that has outlived its agent. */
  #lookAgain({ instance, told, worker }: Seen): void {
    const isOrphan = instance.state === 'ended' && worker === 'running';
    const isNew = told.endedAt === null && this.#deps.clock.now() - told.startedAt < beginsWithinMs;
    const begins = instance.state === 'running' && worker === 'none' && isNew;
    if (begins) this.#lookInMs = soonMs;
    else if (isOrphan) this.#lookInMs ??= askAgainMs;
  }

  /** Has its outcome been written down? A persistent agent tells of its last job until the next begins. */
  #isWritten(record: RunnerRecord, told: AgentJob): boolean {
    const { oneJob, jobsDone, lastJob } = record;
    if (oneJob) return jobsDone > 0;
    return lastJob?.name === told.name && lastJob.startedAt === told.startedAt;
  }

  #follow(seen: Seen): void {
    const { record, told } = seen;
    const { name } = record;
    let known = this.#state.agentJobs.get(name);
    if (known?.startedAt !== told.startedAt) {
      known = this.#found(record, told);
      this.#state.agentJobs.set(name, known);
      // A first look may come after its end.
      this.#state.taken.set(name, { record, at: told.startedAt, job: known.id });
    }
    if (this.#doing.has(name) || this.#state.now() < known.askAt) return;
    if (known.id !== null && !hasEnded(seen) && !isGone(seen)) return;
    this.#doing.add(name);
    void this.#advance(seen, known)
      .catch((error: unknown) => {
        this.#later(name, askLostMs);
        this.#deps.log.warn(`The job of ${name} could not be written down.`, {
          error: problemOf(error).message,
        });
      })
      .finally(() => {
        this.#doing.delete(name);
        this.#wake();
      });
  }

  /** An earlier supervisor may have written it down. */
  #found(record: RunnerRecord, told: AgentJob): AgentJobState {
    const row = this.#deps.store.openJobs(record.forge).find((r) => r.job.runner === record.name);
    return {
      id: row?.job.id ?? null,
      name: row?.job.name ?? told.name,
      url: row?.job.url ?? null,
      startedAt: told.startedAt,
      askAt: 0,
      goneAt: null,
    };
  }

  async #advance(seen: Seen, known: AgentJobState): Promise<void> {
    const { endedAt } = seen.told;
    if (known.id === null) await this.#begin(seen);
    else if (endedAt === null) await this.#endLost(seen, { ...known, id: known.id });
    else await this.#endTold(seen, { ...known, id: known.id }, endedAt);
  }

  /** Where its agent did not tell how it ended, the forge may: a while is waited for what it does not say yet. */
  async #endTold(seen: Seen, known: Known, endedAt: number): Promise<void> {
    const { record, told, remote } = seen;
    let { result } = told;
    if (result === null) {
      const job = await remote.jobOf(record, told, known).catch(() => 'unknown' as const);
      const waited = this.#deps.clock.now() - endedAt;
      const limit = job === null ? unknownAfterMs : lostAfterMs;
      result = job === null || job === 'unknown' ? null : job.result;
      if (result === null && waited < limit && !this.#isNow(record)) {
        this.#later(record.name, patienceAfter(waited));
        return;
      }
    } else if (result === 'failed' && !this.#isNow(record)) result = await this.#failure(seen, known);
    const outcome = ownOutcome(record, { ...told, result }, endedAt, this.#state.stop);
    await this.#end(record, known.id, told, outcome);
  }

  /** An agent calls a job failed too whose worker was killed after it had told the forge that all went well. */
  async #failure({ record, told, remote }: Seen, known: Known): Promise<AgentResult> {
    const job = await askedNow(remote.jobOf(record, told, known));
    return job?.endedAt == null ? 'failed' : (job.result ?? 'failed');
  }

  /** Who ended it at once does not wait for what the forge has yet to notice. */
  #isNow({ ending }: RunnerRecord): boolean {
    return ending?.now === true || this.#state.stop === 'now';
  }

  /** Written down under the forge's own id, or, where it does not tell for a while, under one of ours. */
  async #begin(seen: Seen): Promise<void> {
    const { record, told, remote } = seen;
    const ours = this.#lateNames.idOf(record, told);
    if (ours !== null && this.#isEnded(ours, record, told)) {
      this.#written(record, told);
      return;
    }
    const job = await remote.jobOf(record, told).catch(() => null);
    const waited = this.#deps.clock.now() - told.startedAt;
    if (job === null && waited < nameWithinMs) {
      this.#later(record.name, askAgainMs);
      return;
    }
    if (job !== null && this.#isEnded(job.id, record, told)) {
      this.#written(record, told);
      return;
    }
    const { store } = this.#deps;
    const entry = rowOf(record, told, job, store);
    const row = entry.job;
    store.transaction(() => {
      store.insertJob(entry);
      if (job === null) this.#lateNames.add({ job: row.id, record, told });
    });
    const known = {
      id: row.id,
      name: row.name,
      url: row.url,
      startedAt: told.startedAt,
      askAt: 0,
      goneAt: null,
    };
    this.#state.agentJobs.set(record.name, known);
    this.#state.taken.set(record.name, { record, at: told.startedAt, job: job?.id ?? null });
    this.#deps.say(`Job ${row.name} started on ${record.name}.`);
  }

  /** Were we killed between its outcome and the runner's record? */
  #isEnded(id: string, record: RunnerRecord, told: AgentJob): boolean {
    const job = this.#deps.store.job(id)?.job;
    return job?.runner === record.name && job.startedAt === told.startedAt && job.endedAt !== null;
  }

  /** Its agent has gone without a word: the forge knows whether the job was finished, or will notice that it was not. */
  async #endLost(seen: Seen, known: Known): Promise<void> {
    const { record, told, remote } = seen;
    const now = this.#state.now();
    const goneAt = known.goneAt ?? now;
    const wait = patienceAfter(now - goneAt);
    this.#state.agentJobs.set(record.name, { ...known, goneAt, askAt: now + wait });
    const isNow = this.#isNow(record);
    const asked = remote.jobOf(record, told, known);
    const job = await (isNow ? askedNow(asked) : asked.catch(() => null));
    if (job?.endedAt != null) {
      const { result } = job;
      // The forge ends a lost job some minutes after the last word of its worker.
      const byWorker = job.endedAt <= (told.lastWordAt ?? -Infinity) + wordSlackMs;
      const outcome =
        byWorker || result === 'succeeded' || result === 'cancelled'
          ? ownOutcome(record, { ...told, result }, job.endedAt, this.#state.stop)
          : lostOutcome(record, told, job, this.#deps);
      await this.#end(record, known.id, told, outcome);
    } else if (isNow || now - goneAt > lostAfterMs) {
      await this.#end(record, known.id, told, lostOutcome(record, told, job, this.#deps));
    }
  }

  /** The outcome first, then its log; whoever is killed between the two begins again here. */
  async #end(record: RunnerRecord, id: string, told: AgentJob, outcome: Outcome): Promise<void> {
    const { store, runtime, logs, say } = this.#deps;
    // What one that persists said of its earlier jobs stands with those.
    const from = record.oneJob ? 0 : (told.logFrom ?? 0);
    await logs.keep(runtime.logFile(record.name, null), id, from);
    const peak = runtime.peak(record.name);
    store.endJob(id, { ...outcome, peak });
    this.#written(record, told);
    this.#state.setMemory(record.pool, (m) => ({ ...m, backoff: recovered(m.backoff, true) }));
    say(`Job ${store.job(id)?.job.name ?? id} ended: ${outcome.result}`);
  }

  #written(record: RunnerRecord, { name, startedAt }: AgentJob): void {
    this.#state.agentJobs.delete(record.name);
    this.#justWritten.add(record.name);
    const latest = this.#state.latest(record.name);
    if (latest === null) return;
    const jobsDone = latest.jobsDone + 1;
    this.#state.put({ ...latest, jobsDone, lastJob: { name, startedAt }, idleSince: this.#state.now() });
  }

  #later(name: string, ms: number): void {
    const known = this.#state.agentJobs.get(name);
    if (known !== undefined) this.#state.agentJobs.set(name, { ...known, askAt: this.#state.now() + ms });
  }
}

/** How long until the forge is asked again, ever less often the longer it was asked in vain. */
const patienceAfter = (waited: number): number => Math.min(askLostMs, Math.max(askAgainMs, waited));

/** By the words of its agent, and by what is left of it; the worker of one that persists may be at its next job. */
const hasEnded = ({ record, told, worker }: Seen): boolean =>
  told.endedAt !== null && (worker !== 'running' || !record.oneJob);

/** Nothing of it is left, and nobody said how it ended. */
const isGone = ({ told, worker, instance }: Seen): boolean =>
  told.endedAt === null && worker === 'none' && instance.state === 'ended';
