/** Ends of the supervisor and of agents, spread over the jobs: by kill -9, at fault points, and in the ordinary way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '../../../src-main/contract/problem.ts';
import type { FaultPoint } from '../../../src-main/core/fault.ts';
import type { Random } from '../random.ts';
import { isLost } from '../link.ts';
import { freeze, killAgent, type KilledAgent } from './agents.ts';
import type { Load } from './load.ts';
import type { Site } from './site.ts';

export interface Killed {
  /** Of the supervisor, at any moment. */
  supervisors: number;
  /** Of these, before it was ready. */
  starting: number;
  /** Supervisors that the owner told to go, and to leave the jobs that run. */
  stops: number;
  /** How often it died at which fault point. */
  readonly points: Map<FaultPoint, number>;
  readonly agents: KilledAgent[];
  /** Runners that the owner ended at once, whatever they did. */
  readonly atOnce: KilledAgent[];
  readonly violations: string[];
}

/** Those that runners of a forge elsewhere pass. */
const points: readonly FaultPoint[] = [
  'after-intent',
  'after-register',
  'after-registered',
  'after-prepare',
  'after-prepared',
  'after-spawn',
  'after-started',
  'after-signal',
  'after-fence',
  'after-remove',
  'before-forget',
  'after-forget',
];
/** So long it may take to come to a fault point; then it is killed wherever it is. */
const reachMs = 12_000;
/** An idle agent that persists is left its minute. */
const stopMs = 100_000;
/** One in so many rounds ends in the ordinary way: each takes that minute. */
const stopEvery = 40;
const firstStop = 5;
/** After its signal an agent has this long before it is killed; a little before that the fault point is armed. */
const killAfterMs = 60_000;
const armMs = 6000;

interface Wish {
  /** Ends of the supervisor. */
  readonly kills: number;
  readonly jobs: number;
}

export async function killAll(site: Site, load: Load, wish: Wish, random: Random): Promise<Killed> {
  const killed: Killed = {
    ...{ supervisors: 0, starting: 0, stops: 0 },
    points: new Map(),
    agents: [],
    atOnce: [],
    violations: [],
  };
  const killer = new Killer(site, random, killed);
  const ends = (): number =>
    killed.supervisors + killed.stops + [...killed.points.values()].reduce((sum, times) => sum + times, 0);
  const due = (part: number): boolean => load.done >= Math.floor(part * wish.jobs);
  const agents = async (): Promise<void> => {
    for (let n = 0; n < wish.kills; n += 1) {
      while (!due((n + 0.5) / wish.kills)) await sleep(20);
      await sleep(1000 * random.next());
      await killer.agent();
    }
  };
  const supervisors = async (): Promise<void> => {
    const isOver = (): boolean => ends() >= wish.kills;
    const waits = (): boolean => (isOver() ? killer.isKillAhead : !due((ends() + 0.5) / wish.kills));
    while (!isOver() || killer.hasMore) {
      // A supervisor is to die as it kills an agent that hears nothing, whatever else is due.
      while (!killer.isKillNear && waits()) await sleep(20);
      await killer.round();
    }
  };
  await Promise.all([agents(), supervisors()]);
  return killed;
}

class Killer {
  readonly #site: Site;
  readonly #random: Random;
  readonly #killed: Killed;
  /** When the agent that hears nothing was told to end; null: there is none. */
  #frozenAt: number | null = null;
  #rounds = 0;
  /** It would take the minute in which an agent that hears nothing is killed: it comes after that. */
  #isStopDue = false;
  /** Those that were not tried lately. */
  #points: FaultPoint[] = [];

  constructor(site: Site, random: Random, killed: Killed) {
    this.#site = site;
    this.#random = random;
    this.#killed = killed;
  }

  /** Has it begun something that is to be seen to its end? */
  get hasMore(): boolean {
    return this.isKillAhead || this.#isStopDue;
  }

  /** Is an agent that hears nothing killed soon? */
  get isKillAhead(): boolean {
    return this.#frozenMs <= killAfterMs + armMs;
  }

  get isKillNear(): boolean {
    return this.isKillAhead && this.#frozenMs > killAfterMs - armMs;
  }

  get #frozenMs(): number {
    return this.#frozenAt === null ? Infinity : performance.now() - this.#frozenAt;
  }

  async agent(): Promise<void> {
    const killed = await killAgent(this.#site, this.#random);
    if (killed !== null) this.#killed.agents.push(killed);
  }

  /** Ends the supervisor once or twice; one runs afterwards. */
  async round(): Promise<void> {
    const random = this.#random;
    // More often soon after a start, where much is taken up, than late.
    await sleep(1500 * random.next() ** 2);
    if (random.chance(0.3)) await this.agent();
    this.#rounds += 1;
    if (this.#rounds % stopEvery === firstStop) this.#isStopDue = true;
    if (!this.hasMore && random.chance(0.3)) await this.#freeze();
    if (this.#isStopDue && !this.isKillAhead) await this.#stop();
    else await this.#kill();
    // Agents end, and take jobs, while nobody looks.
    if (random.chance(0.3)) await sleep(random.between(100, 2000));
    if (random.chance(0.15)) {
      await this.#site.supervisor.startAndKill(random.between(50, 500));
      this.#killed.supervisors += 1;
      this.#killed.starting += 1;
    }
    const point = this.#nextPoint();
    if (point !== null) await this.#dieAt(point);
    await this.#site.supervisor.start();
  }

  async #kill(): Promise<void> {
    await this.#site.supervisor.kill();
    this.#killed.supervisors += 1;
  }

  /** It takes idle runners out of service and goes; the jobs run on. */
  async #stop(): Promise<void> {
    this.#isStopDue = false;
    const { supervisor, link } = this.#site;
    await link.once('stop', { how: 'leave-running' });
    const done = await Promise.race([supervisor.running.ended(), sleep(stopMs, null, { ref: false })]);
    if (done === null) {
      this.#killed.violations.push(`The supervisor did not leave within ${stopMs / 1000} s.`);
      return this.#kill();
    }
    supervisor.note();
    if (done.code !== 0)
      this.#killed.violations.push(
        `The supervisor ended with ${done.code ?? done.signal} as it was to leave.`,
      );
    this.#killed.stops += 1;
  }

  #nextPoint(): FaultPoint | null {
    if (this.isKillNear) return 'after-kill';
    return this.#random.chance(0.4) ? this.#pointInTurn() : null;
  }

  /** Each once before any comes again. */
  #pointInTurn(): FaultPoint | null {
    if (this.#points.length === 0) this.#points = [...points];
    // One agent that hears nothing at a time.
    const open = this.#points.filter((each) => each !== 'after-signal' || !this.isKillAhead);
    if (open.length === 0) return null;
    const point = this.#random.pick(open.map((each) => [1, each] as const));
    this.#points = this.#points.filter((each) => each !== point);
    return point;
  }

  /** The supervisor that is started kills itself there, if it comes that far. */
  async #dieAt(point: FaultPoint): Promise<void> {
    const { supervisor } = this.#site;
    await supervisor.start({ HOMERUNNER_CRASH_AT: point });
    const limit = point === 'after-kill' ? 2 * armMs + reachMs : reachMs;
    let isSignalWanted = point === 'after-signal';
    for (const end = performance.now() + limit; supervisor.running.alive && performance.now() < end;) {
      // Soon after a start there may be no idle one yet; and one that heard its deletion would end before any signal.
      if (isSignalWanted) isSignalWanted = !(await this.#freeze());
      await sleep(isSignalWanted ? 100 : 10);
    }
    if (supervisor.running.alive) return this.#kill();
    supervisor.note();
    if (supervisor.running.child.signalCode !== 'SIGKILL')
      throw new Error(`The supervisor ended by itself: ${supervisor.running.stderr}`);
    this.#killed.points.set(point, (this.#killed.points.get(point) ?? 0) + 1);
    if (point === 'after-kill') this.#frozenAt = null;
  }

  /** An idle agent hears nothing any more, and its owner ends it at once: after a while it is killed. Was there one? */
  async #freeze(): Promise<boolean> {
    const { link } = this.#site;
    try {
      const { runners } = await link.once('runner.list', {});
      const runner = runners.find(({ phase }) => phase === 'idle')?.name;
      if (runner === undefined || !freeze(this.#site, runner)) return false;
      this.#frozenAt = performance.now();
      this.#killed.atOnce.push({ runner, part: 'both', at: Date.now() });
      await link.once('runner.remove', { runner, now: true });
      return true;
    } catch (error) {
      // The supervisor died of it, and the next one ends it; or the runner has gone.
      if (!(error instanceof ProblemError)) throw error;
      return isLost(error);
    }
  }
}
