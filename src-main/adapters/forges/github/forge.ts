/** GitHub as a forge: its parts behind the one port. */
import type { Account } from '../../../contract/account.ts';
import type { Light } from '../../../contract/commands.ts';
import type { Pool } from '../../../contract/pool.ts';
import { problem } from '../../../contract/problem.ts';
import type { ForeignView, Work } from '../../../contract/snapshot.ts';
import type { AgentEvidence, LaunchSpec } from '../../../core/agent-port.ts';
import type { ForgeKit, RemoteForge } from '../../../core/forge-port.ts';
import type { Clock, Log } from '../../../core/ports.ts';
import { byName, type ForgeRunner, type Instance, type RunnerRecord } from '../../../core/runner.ts';
import { type AgentFolders, agentName } from './agent/folders.ts';
import { agentPlatform } from './agent/platform.ts';
import { type AgentRegistration, launch, prepare, preparedVersion, versionThatRan } from './agent/prepare.ts';
import type { Releases } from './agent/releases.ts';
import { isHalfRenewed, renew } from './agent/renew.ts';
import type { GitHubApis } from './api/types.ts';
import { type GitHubDemand, githubDemand } from './demand/demand.ts';
import { type Beacon, type Freshness, freshness } from './fallback/variable.ts';
import { type Gate, gate, type GateParts } from './gate.ts';
import { newPlaces, type Places } from './places.ts';
import { type GitHubRunners, githubRunners } from './runners/runners.ts';
import { sameName } from './runners/place.ts';
import type { Registered } from './runners/register.ts';

/** Agents are killed this long after they were asked to end: their job's steps get 10 s of it, and then report. */
const killGraceMs = 60_000;

export interface GitHubParts {
  readonly apis: GitHubApis;
  readonly accounts: () => readonly Account[];
  readonly pools: () => readonly Pool[];
  /** What the journal holds at the start. */
  readonly records: readonly RunnerRecord[];
  readonly install: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly folders: AgentFolders & { close(): Promise<void> };
  /** Downloads of agents. */
  readonly work: () => readonly Work[];
  readonly cancelWork: (id: string) => boolean;
  readonly look: (record: RunnerRecord, folder: string, instance: Instance) => Promise<AgentEvidence>;
  /** Agents on this machine that are not ours. */
  readonly foreignAgents: () => readonly ForeignView[];
  /** The same, looked for just now. */
  readonly lookAround: () => Promise<readonly ForeignView[]>;
  readonly check: (pool: Pool) => Promise<readonly Light[]>;
  /** What is remembered of checks over a restart. */
  readonly passed: Pick<GateParts, 'load' | 'save'>;
  /** Which version of the agent to run. */
  readonly releases: Releases;
  /** Fixed milliseconds between looks at the demand; null: as it seems best. */
  readonly checkMs: () => number | null;
}

export function githubForge(parts: GitHubParts): ForgeKit & { readonly remote: RemoteForge } {
  const desk = deskOf(parts);
  const { demand, runners, entrance, agent, wakes } = desk;
  return {
    id: 'github',
    can: { oneJob: true, demand: 'poll', fence: true },
    agent: { waits: true, opaque: false, stop: 'interrupt', killGraceMs },
    watch(fn) {
      wakes.add(fn);
      const unwatch = demand.watch(fn);
      return () => {
        wakes.delete(fn);
        unwatch();
      };
    },
    demand: () => Promise.resolve(demand.demand()),
    runners: () => Promise.resolve(desk.seen()),
    register: (record) => register(record, desk, parts),
    fence: (record) => runners.fence(withoutPlaceholder(record)),
    remove: ({ name, registration, scope, account }) =>
      runners.remove({
        name,
        registration: registration === byName ? null : registration,
        // One whose repository was never written down is looked for where it was seen.
        scope: scope === undefined || scope?.endsWith('/*') === true ? null : scope,
        account: account ?? null,
      }),
    async prepare(record, folder) {
      await agent.prepare(record, folder);
      if (!record.oneJob) await runners.idOf(record);
    },
    claim: () => Promise.resolve(null),
    launch: (record, folder) => agent.launch(record, folder),
    started: () => Promise.resolve(),
    settle: (record) => Promise.resolve(record),
    preflight: (pool) => entrance.lights(pool),
    waiting: { look: (record, folder, instance) => agent.look(record, folder, instance) },
    remote: remoteOf(desk, parts),
  };
}

/** What the parts of the forge are made of, once. */
interface Desk {
  readonly demand: GitHubDemand;
  readonly runners: GitHubRunners;
  readonly entrance: Gate;
  readonly agent: ReturnType<typeof agentDesk>;
  readonly places: Places;
  readonly beacons: Freshness;
  readonly wakes: Set<(why: string) => void>;
  /** Our runners wherever we have some, as far as GitHub has told of them. */
  readonly seen: () => readonly ForgeRunner[];
  /** Scopes of which that is not known now. */
  readonly unknown: () => ReadonlySet<string>;
}

function deskOf(parts: GitHubParts): Desk {
  const { apis, install, clock, log, pools, checkMs } = parts;
  const wakes = new Set<(why: string) => void>();
  const wake = (why: string): void => {
    for (const one of wakes) one(why);
  };
  // Jobs of strangers need a place that keeps them in, and there is none yet (design 6).
  const takesPublic = (): boolean => false;
  const demand = githubDemand({ apis, pools, install, clock, log, takesPublic, checkMs });
  const jobOn = (runner: string) => demand.jobOn(runner);
  const isOver = (runner: string) => demand.isOver(runner);
  const hasEnded = (runner: string, account: string) => demand.hasEnded(runner, account);
  const runners = githubRunners({ apis, install, clock, log, wake, jobOn, isOver, hasEnded });
  const monotonic = (): number => clock.monotonic();
  const places = newPlaces(pools, parts.records, monotonic);
  let unknown: ReadonlySet<string> = new Set();
  return {
    ...{ demand, runners, places, wakes },
    beacons: freshness({ apis, now: () => clock.now() }),
    entrance: gate({ ...parts.passed, check: parts.check, clock }),
    agent: agentDesk(parts),
    seen() {
      const list = runners.list(places.all());
      ({ unknown } = list);
      return list.runners;
    },
    unknown: () => unknown,
  };
}

async function register(record: RunnerRecord, desk: Desk, { pools }: GitHubParts): Promise<string> {
  const pool = pools().find(({ id }) => id === record.pool);
  if (pool === undefined) throw gone(record);
  await desk.entrance.pass(pool);
  // A registration that waits for a download would look like a runner that is gone.
  await desk.agent.ready(record);
  desk.places.used(record);
  const registered = await desk.runners.register(record);
  desk.agent.registered(record, registered);
  return registered.kind === 'jit' ? registered.id : byName;
}

function remoteOf({ demand, runners, beacons, unknown }: Desk, parts: GitHubParts): RemoteForge {
  return {
    knownAt: () => demand.knownAt(),
    problems: () => [...demand.problems(), ...beacons.problems(), ...parts.releases.problems()],
    isUnknown: (scope) => [...unknown()].some((one) => sameName(one, scope)),
    closed: (pool, scope) => demand.closed(pool, scope),
    work: () => parts.work(),
    cancelWork: (id) => parts.cancelWork(id),
    nudge() {
      demand.nudge();
    },
    jobOf: (...asked) => demand.jobOf(...asked),
    runAgain: (job) => demand.runAgain(job),
    cancel: (job) => demand.cancel(job),
    foreign: () => [...runners.foreign(), ...parts.foreignAgents()],
    removeForeign: (name) => runners.removeForeign(name),
    lookAround: () => parts.lookAround(),
    labelsOf: (runner) => runners.labelsOf(runner),
    online(pools) {
      beacons.turn(pools.flatMap(beaconsOf));
    },
    async close() {
      demand.close();
      await Promise.all([beacons.close(), parts.folders.close()]);
    },
  };
}

/** Where workflows are told that we are there, for pools whose owner wants that. */
function beaconsOf({ fallback, account, scope }: Pool): readonly Beacon[] {
  return fallback && account !== null && scope !== null ? [{ account, scope }] : [];
}

function gone(record: RunnerRecord): Error {
  return problem(
    'not-found',
    `The pool ${record.pool} of ${record.name} is gone.`,
    'It is cleaned up by itself.',
    { subject: record.pool },
  );
}

function withoutPlaceholder(record: RunnerRecord): RunnerRecord {
  return record.registration === byName ? { ...record, registration: null } : record;
}

/** The agent of each runner: made, started and looked at. */
function agentDesk(parts: GitHubParts) {
  const { releases } = parts;
  /** Told once, and kept in memory alone until the agent's folder has it. */
  const told = new Map<string, Registered>();
  /** Processes whose version was refused already. */
  const outdated = new Set<string>();
  const releaseOf = async (record: RunnerRecord) => {
    const api = await parts.apis.of(record.account ?? '');
    return releases.of(api, record.scope ?? '', agentPlatform(parts.platform, record.arch));
  };
  /** One that persists has the version that was the newest when it was made: it is changed between two starts. */
  const renewed = async (record: RunnerRecord, folder: string): Promise<void> => {
    const has = await preparedVersion(folder);
    // Its version was never written down: it is left as it is.
    if (has === null) return;
    const mayRun = !releases.isRefused(has) && !isHalfRenewed(folder);
    try {
      const release = await releaseOf(record);
      if (release.version !== has || isHalfRenewed(folder)) await renew(folder, release, parts.folders);
    } catch (error) {
      // It does without what could not be had now.
      if (!mayRun || isHalfRenewed(folder)) throw error;
    }
  };
  return {
    /** Its agent lies here, or is fetched. */
    async ready(record: RunnerRecord): Promise<void> {
      const release = await releaseOf(record);
      await parts.folders.have(agentName, release).catch((error: unknown) => {
        releases.doubted();
        throw error;
      });
    },
    registered(record: RunnerRecord, registered: Registered) {
      told.set(record.name, registered);
    },
    async prepare(record: RunnerRecord, folder: string): Promise<void> {
      const registration = registrationOf(told.get(record.name), record, parts);
      await prepare(record, folder, await releaseOf(record), registration, parts);
      told.delete(record.name);
    },
    async launch(record: RunnerRecord, folder: string): Promise<LaunchSpec> {
      if (!record.oneJob) await renewed(record, folder);
      return launch(record, folder, parts);
    },
    async look(record: RunnerRecord, folder: string, instance: Instance): Promise<AgentEvidence> {
      const evidence = await parts.look(record, folder, instance);
      const process = `${record.name} ${instance.process?.pid ?? ''} ${instance.process?.startTime ?? ''}`;
      if (evidence.problem?.code === 'agent-outdated' && !outdated.has(process)) {
        outdated.add(process);
        const version = await versionThatRan(folder, instance.endedAt);
        if (version !== null) releases.refused(version);
      }
      return evidence;
    },
  };
}

function registrationOf(
  told: Registered | undefined,
  record: RunnerRecord,
  parts: GitHubParts,
): AgentRegistration | null {
  if (told === undefined) return null;
  if (told.kind === 'jit') return { kind: 'jit', config: told.jit };
  const account = parts.accounts().find(({ id }) => id === record.account);
  return {
    kind: 'classic',
    url: `${account?.url ?? 'https://github.com'}/${record.scope ?? ''}`,
    token: told.token,
  };
}
