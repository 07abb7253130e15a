/**
 * Jobs that began while their forge was out of reach go by a name of ours. When it answers again it names them, whether
 * they still run, have ended, or began under an earlier supervisor.
 */
import { problemOf } from '../contract/problem.ts';
import type { AgentEvidence, AgentJob } from '../core/agent-port.ts';
import type { ForgeJob } from '../core/forge-port.ts';
import type { UnnamedJob } from '../core/ports.ts';
import type { RunnerRecord } from '../core/runner.ts';
import { freeId, nameOf } from './agent-rows.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';

/** A forge that is out of reach is asked again after this; one that does not know ever less often, down to the other. */
const askAgainMs = 15_000;
const seldomMs = 5 * 60_000;
/** Forges forget too. */
const giveUpMs = 7 * 24 * 3_600_000;

interface Waiting {
  readonly unnamed: UnnamedJob;
  /** Steady milliseconds. */
  readonly askAt: number;
  readonly waitMs: number;
}

export class LateNames {
  readonly #deps: Deps;
  readonly #state: State;
  /** Runners whose job is being written down, here or elsewhere. */
  readonly #doing: Set<string>;
  readonly #wake: () => void;
  /** By the id in the history. */
  readonly #waiting = new Map<string, Waiting>();
  /** One is asked for at a time. */
  #asking = false;

  constructor(deps: Deps, state: State, doing: Set<string>, wake: () => void) {
    this.#deps = deps;
    this.#state = state;
    this.#doing = doing;
    this.#wake = wake;
    for (const unnamed of deps.store.unnamed()) this.#wait(unnamed, 0);
  }

  /** Durable, with the entry of the history or after it. */
  add(unnamed: UnnamedJob): void {
    this.#deps.store.putUnnamed(unnamed);
    this.#wait(unnamed, askAgainMs);
  }

  /** The id of ours under which this job of this runner stands in the history; null: it has none. */
  idOf(record: RunnerRecord, told: AgentJob): string | null {
    for (const [id, { unnamed }] of this.#waiting)
      if (unnamed.record.name === record.name && isSame(unnamed.told, told)) return id;
    return null;
  }

  /** When the next one is to be asked for, steady; null: there is none. */
  nextAsk(): number | null {
    if (this.#asking || this.#waiting.size === 0) return null;
    return Math.min(...[...this.#waiting.values()].map(({ askAt }) => askAt));
  }

  /** Takes in what agents tell now, and asks for the next one whose time has come. */
  note(evidence: ReadonlyMap<string, AgentEvidence>): void {
    for (const [id, waiting] of this.#waiting) this.#learn(id, waiting, evidence);
    const now = this.#state.now();
    const due = [...this.#waiting.values()].find(({ askAt }) => askAt <= now);
    if (due === undefined || this.#asking) return;
    this.#asking = true;
    void this.#ask(due)
      .catch((error: unknown) => {
        this.#deps.log.warn(`The job ${due.unnamed.job} could not be named.`, {
          error: problemOf(error).message,
        });
        this.#waitOn(due.unnamed, askAgainMs);
      })
      .finally(() => {
        this.#asking = false;
        this.#wake();
      });
  }

  /** The worker's files may tell where its job comes from only after it was written down. */
  #learn(
    id: string,
    { unnamed, askAt, waitMs }: Waiting,
    evidence: ReadonlyMap<string, AgentEvidence>,
  ): void {
    const told = evidence.get(unnamed.record.name)?.job ?? null;
    const { run, repository } = unnamed.told;
    if (told === null || !isSame(told, unnamed.told)) return;
    if (told.run === run && told.repository === repository) return;
    const known = { ...unnamed, told: { ...unnamed.told, run: told.run, repository: told.repository } };
    this.#deps.store.putUnnamed(known);
    this.#waiting.set(id, { unnamed: known, askAt, waitMs });
  }

  async #ask({ unnamed, waitMs }: Waiting): Promise<void> {
    const { job: id, record, told } = unnamed;
    const remote = this.#deps.forges.find((kit) => kit.id === record.forge)?.remote;
    if (remote === undefined || this.#deps.clock.now() - told.startedAt > giveUpMs) {
      this.#deps.store.deleteUnnamed(id);
      this.#waiting.delete(id);
      return;
    }
    // Its end is none of this: it is asked for where it is written down.
    const { name, startedAt, repository, run } = told;
    const found = await remote.jobOf(record, {
      name,
      startedAt,
      repository,
      run,
      endedAt: null,
      result: null,
    });
    if (found === null) this.#waitOn(unnamed, Math.min(seldomMs, Math.max(askAgainMs, 2 * waitMs)));
    else if (this.#doing.has(record.name)) this.#waitOn(unnamed, askAgainMs);
    else await this.#name(unnamed, found);
  }

  /** Nothing else is written of this runner's job meanwhile. */
  async #name({ job: id, record, told }: UnnamedJob, found: ForgeJob): Promise<void> {
    const { store, logs, log } = this.#deps;
    this.#doing.add(record.name);
    try {
      const named = freeId(found.id, store);
      // What is kept of it first: whoever is killed between the two begins again here.
      await logs.rename(id, named);
      const name = nameOf(record, told, found);
      const { url, labels, createdAt } = found;
      store.nameJob(id, { id: named, name, url, labels, createdAt });
      this.#waiting.delete(id);
      this.#tell(id, { id: named, name, url }, record.name, told.startedAt);
      log.info(`The job ${id} is ${named}: ${name}`);
    } finally {
      this.#doing.delete(record.name);
    }
  }

  /** Those who look at the runner see the job by its new name at once. */
  #tell(
    before: string,
    named: { readonly id: string; readonly name: string; readonly url: string | null },
    runner: string,
    startedAt: number,
  ): void {
    const { agentJobs, taken } = this.#state;
    const known = agentJobs.get(runner);
    if (known?.id === before) agentJobs.set(runner, { ...known, ...named });
    const begun = taken.get(runner);
    if (begun?.at === startedAt) taken.set(runner, { ...begun, job: named.id });
  }

  /** What was learned of it while it was asked for stays. */
  #waitOn(unnamed: UnnamedJob, waitMs: number): void {
    this.#wait(this.#waiting.get(unnamed.job)?.unnamed ?? unnamed, waitMs);
  }

  #wait(unnamed: UnnamedJob, waitMs: number): void {
    this.#waiting.set(unnamed.job, { unnamed, askAt: this.#state.now() + waitMs, waitMs });
  }
}

/** Two of one agent may begin in the same second. */
const isSame = (a: AgentJob, b: AgentJob): boolean => a.startedAt === b.startedAt && a.name === b.name;
