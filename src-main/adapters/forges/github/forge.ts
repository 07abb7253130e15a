/** GitHub as a forge: its parts behind the one port. */
import type { Account } from '../../../contract/account.ts';
import type { Light } from '../../../contract/commands.ts';
import type { Pool } from '../../../contract/pool.ts';
import { problem } from '../../../contract/problem.ts';
import type { ForeignView, Work } from '../../../contract/snapshot.ts';
import type { AgentEvidence } from '../../../core/agent-port.ts';
import type { ForgeKit, RemoteForge } from '../../../core/forge-port.ts';
import type { Clock, Log } from '../../../core/ports.ts';
import { byName, type ForgeRunner, type Instance, type RunnerRecord } from '../../../core/runner.ts';
import { type AgentFolders, agentName } from './agent/folders.ts';
import { agentPlatform } from './agent/platform.ts';
import { type AgentRegistration, launch, prepare, preparedVersion } from './agent/prepare.ts';
import { Releases } from './agent/releases.ts';
import type { GitHubApis } from './api/types.ts';
import { type GitHubDemand, githubDemand } from './demand/demand.ts';
import { type Beacon, type Freshness, freshness } from './fallback/variable.ts';
import { type Gate, gate } from './gate.ts';
import { newPlaces, type Places } from './places.ts';
import { type GitHubRunners, githubRunners } from './runners/runners.ts';
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
  /** The version that the owner insists on; null: what GitHub offers. */
  readonly pin: string | null;
  /** May newer versions than those that lie here be fetched? */
  readonly updates: () => boolean;
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
    launch: (record, folder) => launch(record, folder, parts),
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
  const runners = githubRunners({ apis, install, clock, log, wake, jobOn, isOver });
  const monotonic = (): number => clock.monotonic();
  const releases = new Releases({ ...parts, monotonic });
  const places = newPlaces(pools, parts.records, monotonic);
  let unknown: ReadonlySet<string> = new Set();
  return {
    ...{ demand, runners, places, wakes },
    beacons: freshness({ apis, now: () => clock.now() }),
    entrance: gate(parts.check, monotonic),
    agent: agentDesk(parts, releases),
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
    problems: () => [...demand.problems(), ...beacons.problems()],
    isUnknown: (scope) => unknown().has(scope),
    work: () => parts.work(),
    cancelWork: (id) => parts.cancelWork(id),
    nudge() {
      demand.nudge();
    },
    jobOf: (record, told) => demand.jobOf(record, told),
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
function agentDesk(parts: GitHubParts, releases: Releases) {
  /** Told once, and kept in memory alone until the agent's folder has it. */
  const told = new Map<string, Registered>();
  /** Those whose version was refused already. */
  const outdated = new Set<string>();
  const releaseOf = async (record: RunnerRecord) => {
    const api = await parts.apis.of(record.account ?? '');
    return releases.of(api, record.scope ?? '', agentPlatform(parts.platform, record.arch));
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
    async look(record: RunnerRecord, folder: string, instance: Instance): Promise<AgentEvidence> {
      const evidence = await parts.look(record, folder, instance);
      if (evidence.problem?.code === 'agent-outdated' && !outdated.has(record.name)) {
        outdated.add(record.name);
        const version = await preparedVersion(folder);
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
