/** The supervisor as everyone sees it: SupervisorApi over the loop, its state and its commands. */
import type { StreamArgs, StreamItems, StreamName, SupervisorApi } from '../contract/api.ts';
import type { CommandArgs, CommandName, CommandResults, StopHow } from '../contract/commands.ts';
import type { Answer, Problem } from '../contract/problem.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { commandsOf, execute } from './commands.ts';
import { within } from './delay.ts';
import type { Deps } from './deps.ts';
import { Loop } from './loop.ts';
import { Redetection } from './redetection.ts';
import { Observable } from './observable.ts';
import { State } from './state.ts';
import { streamsOf } from './streams.ts';
import { takeUp } from './take-up.ts';
import { viewOf } from './view.ts';

/** The history is cut to its length this often. */
const pruneMs = 60_000;
/** Snapshots are pushed at most this often. */
const publishMs = 100;
/** Who asks for a snapshot just after the start gets one with pools and machine, where they are known so soon. */
const firstTurnMs = 2000;

/** A forge that does not answer delays the end of a stop by no more than this, in milliseconds. */
const farewellMs = 5000;

async function farewell({ forges, log }: Deps): Promise<void> {
  const closing = forges.map(async ({ id, remote }) => {
    try {
      await remote?.close();
    } catch (error) {
      log.warn(`The forge ${id} could not be told of the end.`, { error: String(error) });
    }
  });
  await within(farewellMs, Promise.all(closing));
}

export class Supervisor implements SupervisorApi {
  readonly #deps: Deps;
  readonly #state: State;
  readonly #loop: Loop;
  readonly #snapshots: Observable<Snapshot>;
  readonly #redetection: Redetection;
  readonly #handlers: ReturnType<typeof commandsOf>;
  readonly #streams: ReturnType<typeof streamsOf>;
  /** Settles once what an earlier supervisor left is taken up. */
  readonly #restored: Promise<void>;
  #noteRestored: () => void = () => undefined;
  /** Settles with the first turn, or when it is not to be waited for any more. */
  readonly #turned: Promise<void>;
  /** Settles when a stop has been carried out, and the forges were told. */
  readonly #ended: Promise<void>;
  /** Why that has not succeeded yet. */
  #blocked: Problem | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#state = new State(deps);
    this.#restored = new Promise((resolve) => (this.#noteRestored = resolve));
    this.#snapshots = new Observable(() => viewOf(deps, this.#state), publishMs);
    let turned: () => void = () => undefined;
    this.#turned = new Promise((resolve) => (turned = resolve));
    setTimeout(turned, firstTurnMs).unref();
    this.#redetection = new Redetection(deps, () => this.#detect(true));
    this.#loop = new Loop(deps, this.#state, () => {
      turned();
      this.#redetection.notice();
      this.#snapshots.touch();
    });
    // Whoever waits for the end closes the store, of which a snapshot would be made.
    this.#ended = this.#loop.ended.then(async () => {
      await farewell(deps);
      this.#snapshots.close();
      this.#redetection.end();
    });
    this.#streams = streamsOf(deps, this.#state);
    this.#handlers = commandsOf(
      deps,
      this.#state,
      () => {
        this.#loop.wake();
      },
      (fresh) => this.#detect(fresh),
    );
  }

  /** Takes up what an earlier supervisor left, and begins. Detection goes on beside it. */
  async start(): Promise<void> {
    await takeUp(this.#deps, this.#state, (problem) => (this.#blocked = problem));
    this.#blocked = null;
    this.#noteRestored();
    const read = (): void => {
      this.#state.reading = this.#deps.config.read();
      for (const kit of this.#deps.forges) kit.remote?.nudge();
      this.#loop.wake();
    };
    this.#deps.config.watch(read);
    // It may have been changed between the first reading and the watch.
    read();
    this.#loop.start();
    this.#pruneRegularly();
    await this.#detect(false);
    if (this.#state.stop === null) this.#redetection.start();
  }

  /** Time has passed, or the world has changed, unseen: looks at everything again, at the machine too. */
  woke(): void {
    this.#redetection.woke();
    for (const kit of this.#deps.forges) kit.remote?.nudge();
    this.#loop.wake();
  }

  /** Settles when a stop has been carried out. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  async stop(how: StopHow): Promise<readonly string[]> {
    const answer = await this.execute('stop', { how });
    return answer.ok ? answer.value.jobs : [];
  }

  async snapshot(): Promise<Snapshot> {
    await Promise.race([this.#turned, this.ended]);
    return viewOf(this.#deps, this.#state);
  }

  subscribe(fn: (snapshot: Snapshot) => void): () => void {
    return this.#snapshots.subscribe(fn);
  }

  async execute<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<Answer<CommandResults[K]>> {
    if (name === 'submit' && this.#blocked !== null) return { ok: false, problem: this.#blocked };
    // What a job being submitted has put down already would look like something that a crash has left.
    if (name !== 'stop') await this.#restored;
    return execute(this.#handlers, name, args, () => {
      this.#loop.wake();
    });
  }

  stream<K extends StreamName>(
    name: K,
    args: StreamArgs<K>,
    signal: AbortSignal,
  ): AsyncIterable<StreamItems[K]> {
    return this.#streams[name](args, signal);
  }

  #pruneRegularly(): void {
    const prune = (): void => {
      const keep = this.#state.config().history.jobs;
      this.#deps.local.prune(keep).catch((error: unknown) => {
        this.#deps.log.warn('The history could not be cut to its length.', { error: String(error) });
      });
    };
    const timer = setInterval(prune, pruneMs);
    timer.unref();
    void this.ended.then(() => {
      clearInterval(timer);
    });
    prune();
  }

  async #detect(fresh: boolean): Promise<void> {
    const value = await this.#deps.detector.profile(fresh).catch((error: unknown) => {
      this.#state.undetected = true;
      this.#loop.wake();
      throw error;
    });
    this.#state.undetected = false;
    this.#state.profile = { value, at: this.#deps.detector.detectedAt() ?? this.#deps.clock.now() };
    this.#loop.wake();
  }
}
