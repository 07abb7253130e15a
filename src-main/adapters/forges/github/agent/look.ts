/** What a runner's processes and files say of it: is a worker at a job, which job, and what is wrong. */
import type { Problem } from '../../../../contract/problem.ts';
import type { AgentEvidence, AgentJob } from '../../../../core/agent-port.ts';
import type { Clock } from '../../../../core/ports.ts';
import type { Instance, RunnerRecord } from '../../../../core/runner.ts';
import type { NamedProcess, ProcessTable } from '../../../os/processes.ts';
import { Console } from './console.ts';
import { exitProblem } from './phrases.ts';
import { watchLog } from './log-watch.ts';
import { agentFolder } from './prepare.ts';
import { isBelow } from './programs.ts';
import { type JobOrigin, jobOrigin, lastWord } from './worker-log.ts';

export interface AgentWatchOptions {
  readonly processes: Pick<ProcessTable, 'named'>;
  readonly clock: Clock;
  /** An agent has written something since it was last looked at. */
  readonly changed?: () => void;
}

interface Watched {
  /** The process whose words these are. */
  readonly process: string;
  readonly console: Console;
  /** Ends the watching of its log; null: it is not watched. */
  unwatch: (() => void) | null;
  origin: { readonly job: string; readonly found: JobOrigin } | null;
  lookedAt: number;
}

/** All runners that are looked at within this time share one look at the processes, in milliseconds. */
const scanMs = 250;
/** A runner that nobody has looked at for so long is gone, in milliseconds. */
const forgetMs = 600_000;

export class AgentWatch {
  readonly #options: AgentWatchOptions;
  readonly #watched = new Map<string, Watched>();
  #scan: { readonly at: number; readonly found: Promise<readonly NamedProcess[]> } | null = null;

  constructor(options: AgentWatchOptions) {
    this.#options = options;
  }

  /** `logFile` is where its runtime keeps what it writes. Cheap enough for every turn. */
  async look(
    record: RunnerRecord,
    folder: string,
    instance: Instance,
    logFile: string,
  ): Promise<AgentEvidence> {
    const worker = await this.#worker(record.name, folder);
    if (instance.process === null) return { worker, listening: false, job: null, problem: null };
    const watched = this.#of(record.name, instance.process);
    const { clock } = this.#options;
    const ended = instance.state === 'ended';
    if (ended) unwatch(watched);
    else watched.unwatch ??= watchLog(logFile, () => this.#options.changed?.());
    await watched.console.read(logFile, clock.now()).catch(() => undefined); // Read at the next look.
    if (ended) watched.console.close(clock.now());
    const { told } = watched.console;
    const next = nextJob([...told.earlier, ...(told.job === null ? [] : [told.job])], record);
    let job = next === null ? null : await withOrigin(next, folder, watched);
    if (ended && job?.endedAt === null && worker === 'none')
      job = { ...job, lastWordAt: await lastWord(agentFolder(folder), job) };
    const going: Problem | null = told.over ?? told.trouble;
    const problem = ended ? (told.over ?? exitProblem(instance.exitCode)) : going;
    return {
      worker,
      listening: told.listening,
      job,
      problem: problem === null ? null : { ...problem, subject: record.name },
    };
  }

  /** A worker whose agent has gone counts too: its job goes on. */
  async #worker(name: string, folder: string): Promise<AgentEvidence['worker']> {
    try {
      const agent = agentFolder(folder);
      const found = await this.#workers();
      return found.some(({ runner, path }) => runner === name || isBelow(agent, path)) ? 'running' : 'none';
    } catch {
      return 'unknown';
    }
  }

  #workers(): Promise<readonly NamedProcess[]> {
    const at = this.#options.clock.monotonic();
    if (this.#scan === null || at - this.#scan.at >= scanMs) {
      this.#scan = { at, found: this.#options.processes.named(['Runner.Worker']) };
      this.#forget(at);
    }
    return this.#scan.found;
  }

  #of(name: string, { pid, startTime, bootId }: NonNullable<Instance['process']>): Watched {
    const process = `${pid} ${startTime} ${bootId}`;
    const known = this.#watched.get(name);
    const isSame = known?.process === process;
    if (known !== undefined && !isSame) unwatch(known);
    const fresh = (): Watched => ({
      process,
      console: new Console(known?.console.offset),
      unwatch: null,
      origin: null,
      lookedAt: 0,
    });
    const watched = isSame ? known : fresh();
    watched.lookedAt = this.#options.clock.monotonic();
    this.#watched.set(name, watched);
    return watched;
  }

  #forget(at: number): void {
    for (const [name, watched] of this.#watched) {
      if (at - watched.lookedAt <= forgetMs) continue;
      unwatch(watched);
      this.#watched.delete(name);
    }
  }
}

function unwatch(watched: Watched): void {
  watched.unwatch?.();
  watched.unwatch = null;
}

/** The oldest job that is not written down yet, else the last. */
function nextJob(jobs: readonly AgentJob[], { lastJob }: RunnerRecord): AgentJob | null {
  const written = jobs.findLastIndex(
    ({ name, startedAt }) => name === lastJob?.name && startedAt === lastJob.startedAt,
  );
  return jobs[written + 1] ?? jobs.at(-1) ?? null;
}

/** Looked for until it is found: it is written a moment after the job began. */
async function withOrigin(job: AgentJob, folder: string, watched: Watched): Promise<AgentJob> {
  const key = `${job.startedAt} ${job.name}`;
  if (watched.origin?.job !== key) {
    const found = await jobOrigin(agentFolder(folder), job).catch(() => null);
    if (found === null) return job;
    watched.origin = { job: key, found };
  }
  return { ...job, ...watched.origin.found };
}
