/**
 * The supervisor as tray and window see it, wherever it is: one that runs already, or one in this process. It may go
 * and come back; who listens is told, and commands answer with a Problem in between.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { StreamArgs, StreamItems, StreamName, SupervisorApi } from '../contract/api.ts';
import type { CommandArgs, CommandName, CommandResults, StopHow } from '../contract/commands.ts';
import type { Link } from '../contract/desktop.ts';
import { type Answer, type Problem, ProblemError, problemOf } from '../contract/problem.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { Log } from '../core/ports.ts';
import type { RemoteSupervisor, SupervisorSource, LocalSupervisor } from './supervisor-source.ts';

/** A command that edits while no supervisor runs holds the home for a moment. */
const heldMs = 50;
/** How often a supervisor that is not there is looked for. */
const lookMs = 1000;

const starting: Problem = {
  code: 'no-supervisor',
  message: 'Homerunner is starting.',
  hint: 'Wait a moment.',
};

const stopped: Problem = {
  code: 'no-supervisor',
  message: 'The supervisor was stopped.',
  hint: 'Start it here from the menu of the icon, or elsewhere with `homerunner run`.',
};

const gone: Problem = {
  code: 'no-supervisor',
  message: 'The supervisor has gone; its jobs go on.',
  hint: 'It is looked for. If it does not come back, start it here from the menu of the icon.',
};

/** `held`: another program holds the home for a moment, and does not accept yet. */
type Outcome = 'here' | 'held' | 'gone';

export class Supervision {
  readonly #source: SupervisorSource;
  readonly #log: Log;
  readonly #listeners = new Set<(link: Link) => void>();
  #link: Link = { snapshot: null, connected: false, problem: starting };
  #api: SupervisorApi | null = null;
  #local: LocalSupervisor | null = null;
  #remote: RemoteSupervisor | null = null;
  /** May this process become the supervisor where none runs? After one has gone only when the owner says so. */
  #mayHost = true;
  #closed = false;
  #hurry = new AbortController();
  readonly #ended: Promise<void>;
  #noteEnded: () => void = () => undefined;

  constructor(source: SupervisorSource, log: Log) {
    this.#source = source;
    this.#log = log;
    this.#ended = new Promise((resolve) => (this.#noteEnded = resolve));
  }

  get link(): Link {
    return this.#link;
  }

  /** Is the supervisor in this process? */
  get here(): boolean {
    return this.#local !== null;
  }

  /** Nothing is there, and the owner may have it started here. */
  get canStart(): boolean {
    return this.#api === null && !this.#mayHost;
  }

  /** Settles when the supervisor in this process has stopped, for whatever reason. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Calls `fn` with the present link and each later one; returns the end of it. */
  subscribe(fn: (link: Link) => void): () => void {
    this.#listeners.add(fn);
    fn(this.#link);
    return () => this.#listeners.delete(fn);
  }

  /** Looks for the supervisor, or becomes it, and goes on until closed. */
  async begin(): Promise<void> {
    while (!this.#closed) {
      const next = await this.#tryOnce();
      if (next === 'here') return;
      await this.#wait(next === 'held' ? heldMs : lookMs);
    }
  }

  /** Connects and stays as long as that lasts, or becomes the supervisor. */
  async #tryOnce(): Promise<Outcome> {
    try {
      await this.#follow(await this.#source.connect());
      return 'gone';
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.code !== 'no-supervisor') this.#fail(problem);
      else if (this.#mayHost) return this.#become();
      return 'gone';
    }
  }

  /** The owner wants it here, where none runs. */
  start(): void {
    this.#mayHost = true;
    this.#hurry.abort();
  }

  async execute<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<Answer<CommandResults[K]>> {
    if (this.#api === null) return { ok: false, problem: this.#link.problem ?? starting };
    return this.#api.execute(name, args);
  }

  async *stream<K extends StreamName>(
    name: K,
    args: StreamArgs<K>,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItems[K]> {
    if (this.#api === null) throw new ProblemError(this.#link.problem ?? starting);
    yield* this.#api.stream(name, args, signal);
  }

  /** The jobs that run in this process's supervisor by name, as it is now: what was told last may be a moment old. */
  async jobsHere(): Promise<readonly string[]> {
    if (this.#local === null) return [];
    const { runners } = await this.#local.api.snapshot();
    return runners.flatMap(({ job }) => (job === null ? [] : [job.name]));
  }

  /** Stops the supervisor in this process; the jobs that go on or were ended, by id. */
  async stop(how: StopHow): Promise<readonly string[]> {
    return (await this.#local?.stop(how)) ?? [];
  }

  /** The machine has slept: everything known may be old. */
  wake(): void {
    this.#local?.wake();
    this.#hurry.abort();
  }

  /** Leaves a supervisor elsewhere to itself. */
  close(): void {
    this.#closed = true;
    this.#remote?.close();
    this.#hurry.abort();
  }

  async #become(): Promise<Outcome> {
    try {
      const local = await this.#source.host((sentence) => {
        this.#log.info(sentence);
      });
      this.#local = local;
      this.#use(local.api);
      void local.ended.then(this.#noteEnded);
      return 'here';
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.code === 'already-running') return 'held';
      this.#log.error('The supervisor could not start.', { problem });
      this.#mayHost = false;
      this.#fail(problem);
      return 'gone';
    }
  }

  /** Is the client of a supervisor elsewhere, until that goes. */
  async #follow(remote: RemoteSupervisor): Promise<void> {
    this.#remote = remote;
    const end = this.#use(remote);
    await remote.closed;
    end();
    this.#remote = null;
    this.#api = null;
    this.#mayHost = false;
    const wasStopped = this.#link.snapshot?.state === 'stopping';
    this.#tell({ ...this.#link, connected: false, problem: wasStopped ? stopped : gone });
  }

  #use(api: SupervisorApi): () => void {
    this.#api = api;
    return api.subscribe((snapshot: Snapshot) => {
      this.#tell({ snapshot, connected: true, problem: null });
    });
  }

  #fail(problem: Problem): void {
    this.#tell({ ...this.#link, connected: false, problem });
  }

  #tell(link: Link): void {
    this.#link = link;
    for (const fn of this.#listeners) fn(link);
  }

  async #wait(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: this.#hurry.signal });
    } catch {
      this.#hurry = new AbortController();
    }
  }
}
