/**
 * The only loop: observe, plan, act, publish. Level-triggered: events only wake it, it always looks at everything,
 * and start-up, recovery and steady state are the same path.
 */
import { problemOf } from '../contract/problem.ts';
import type { Action } from '../core/actions.ts';
import { remember } from '../core/memory.ts';
import { plan } from '../core/plan.ts';
import type { Plan, PlanInput } from '../core/plan-types.ts';
import { act } from './act.ts';
import { AgentJobs } from './agent-jobs.ts';
import type { Deps } from './deps.ts';
import { failedAction } from './failure.ts';
import { Journalist } from './journalist.ts';
import { observe } from './observe.ts';
import { endExpiredPauses } from './pauses.ts';
import { hasEnded } from './shutdown.ts';
import type { State } from './state.ts';
import { turnInput } from './turn.ts';

/** A Node timer cannot be longer than this many milliseconds. */
const longestTimer = 2 ** 31 - 1;
/** After so many failures on end a pool is as good as gone for those who could run their jobs elsewhere. */
const failuresUntilGone = 3;
/** How long a reading of the free disk space is good for. */
const diskAgeMs = 5000;

export class Loop {
  readonly #deps: Deps;
  readonly #state: State;
  readonly #published: () => void;
  readonly #journalist: Journalist;
  readonly #agentJobs: AgentJobs;
  readonly #unwatch: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;
  #turning = false;
  #woken = false;
  #diskReadAt = -Infinity;
  #end: (() => void) | null = null;
  /** Settles when a stop has been carried out. */
  readonly ended: Promise<void>;

  constructor(deps: Deps, state: State, published: () => void) {
    this.#deps = deps;
    this.#state = state;
    this.#published = published;
    this.#journalist = new Journalist(deps, state);
    this.#agentJobs = new AgentJobs(deps, state, () => {
      this.wake();
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Begins to watch and to turn. */
  start(): void {
    const wake = (): void => {
      this.wake();
    };
    this.#unwatch.push(this.#deps.runtime.watch(wake), ...this.#deps.forges.map((kit) => kit.watch(wake)));
    this.#journalist.online();
    this.wake();
  }

  /** Something may have changed: look again soon. Cheap, and however often called, one turn follows. */
  wake(): void {
    if (this.#woken || this.#end === null) return;
    this.#woken = true;
    if (!this.#turning) setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    if (this.#end === null || this.#turning) return;
    this.#turning = true;
    try {
      this.#woken = false;
      await this.#turn();
    } catch (error) {
      this.#deps.log.error('A turn of the loop failed; the next one tries again.', { error: String(error) });
      this.#sleepUntil(this.#state.now() + 1000);
    } finally {
      this.#turning = false;
    }
    if (this.#woken) setImmediate(() => void this.#run());
  }

  async #turn(): Promise<void> {
    const { profile } = this.#state;
    if (profile === null) {
      const { stop, records, undetected } = this.#state;
      if (stop !== null && (undetected || records.size === 0)) this.#finish();
      return;
    }
    await this.#readDisk();
    const world = await observe(this.#deps, this.#state);
    this.#agentJobs.note(world.evidence, world.instances);
    endExpiredPauses(this.#deps, this.#state);
    const input = turnInput(this.#deps, this.#state, world, profile.value);
    const planned = plan(input);
    this.#learn(input, planned);
    this.#tellForges(input);
    for (const action of planned.actions) this.#dispatch(action);
    this.#journalist.note(planned);
    this.#published();
    if (this.#state.stop !== null && hasEnded(this.#state, input)) {
      this.#finish();
      return;
    }
    this.#sleepUntil(this.#nextWake(planned));
  }

  /** For which pools jobs may count on a runner here; one that fails again and again makes none soon. */
  #tellForges({ pools }: PlanInput): void {
    const online = pools.filter(
      ({ allowance, memory }) => allowance.newRunners && memory.backoff.failures < failuresUntilGone,
    );
    for (const { id, remote } of this.#deps.forges)
      remote?.online(online.map(({ pool }) => pool).filter(({ forge }) => forge === id));
  }

  #learn(input: PlanInput, planned: Plan): void {
    this.#state.input = input;
    this.#state.plan = planned;
    for (const [pool, memory] of remember(input, planned)) {
      this.#state.memory.set(pool, memory);
    }
    this.#forgetOverProblems(planned);
    if (planned.exchanged) this.#state.lastExchangeAt = input.now;
  }

  /** A pool's problem is over when it works again, when its next try has come and nothing failed since, or with the pool. */
  #forgetOverProblems(planned: Plan): void {
    const wall = this.#deps.clock.now();
    for (const pool of this.#state.memory.keys())
      if (!planned.pools.has(pool)) this.#state.memory.delete(pool);
    for (const [pool, { retryAt = 0 }] of this.#state.poolProblems) {
      const failures = this.#state.memory.get(pool)?.backoff.failures ?? 0;
      if (failures === 0 || retryAt < wall) this.#state.poolProblems.delete(pool);
    }
  }

  #dispatch(action: Action): void {
    if (this.#state.inFlight.has(action.key)) return;
    this.#state.inFlight.set(action.key, action);
    void act(action, this.#deps, this.#state)
      .then(
        () => {
          this.#state.resting.delete(action.key);
          this.#journalist.did(action);
        },
        (error: unknown) => failedAction(action, problemOf(error), this.#deps, this.#state),
      )
      .catch((error: unknown) => {
        this.#deps.log.error('An action and its clean-up failed.', {
          action: action.do,
          error: String(error),
        });
      })
      .finally(() => {
        this.#state.inFlight.delete(action.key);
        this.wake();
      });
  }

  #nextWake(planned: Plan): number {
    const now = this.#state.now();
    let at = now + this.#state.config().resyncSeconds * 1000;
    if (planned.nextWake !== null) at = Math.min(at, planned.nextWake);
    at = Math.min(at, this.#agentJobs.nextLook() ?? at);
    for (const rest of this.#state.resting.values()) if (rest.until > now) at = Math.min(at, rest.until);
    const wall = this.#deps.clock.now();
    for (const { pause } of this.#state.effectivePauses()) {
      if (pause.until !== null) at = Math.min(at, now + Math.max(0, pause.until - wall));
    }
    const unclean = this.#state.uncleanUntil();
    if (unclean !== null && unclean > wall) at = Math.min(at, now + unclean - wall);
    return at;
  }

  #sleepUntil(at: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const delay = Math.min(longestTimer, Math.max(1, Math.ceil(at - this.#state.now())));
    this.#timer = setTimeout(() => {
      this.wake();
    }, delay);
  }

  async #readDisk(): Promise<void> {
    const now = this.#state.now();
    if (now - this.#diskReadAt < diskAgeMs) return;
    this.#diskReadAt = now;
    this.#state.diskFreeMiB = await this.#deps.presence.diskFreeMiB();
  }

  #finish(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const unwatch of this.#unwatch) unwatch();
    this.#journalist.offline();
    this.#end?.();
    this.#end = null;
  }
}
