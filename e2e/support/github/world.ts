/** The state of the double, and how what it holds is found. It decides nothing. */
import type {
  AgentVersion,
  App,
  Enterprise,
  Job,
  JobRequest,
  Organization,
  Owner,
  Repository,
  Run,
  RunnerGroup,
  RunnerRow,
  Session,
  Token,
  User,
} from './model.ts';
import { fullName, same } from './model.ts';

/** A code of the device flow that a person has yet to answer. */
export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  readonly scope: string;
  readonly expiresAt: number;
  /** Seconds that the client must leave between two questions. */
  interval: number;
  askedAt: number | null;
  answer: { readonly token: string } | 'denied' | null;
}

/** The delays of the real service, shortened by tests. */
export interface Waits {
  /** A runner that has not polled for so long is offline (ms). */
  online: number;
  /** A job is handed to nobody before it has waited for so long (ms). */
  handover: number;
  /** A job that was assigned and not picked up goes back to the queue (ms). */
  pickup: number;
  /** A job whose worker has not renewed it for so long has failed (ms). */
  lost: number;
  /** A run of which so long ago (ms) all jobs had ended is forgotten. */
  forget: number;
  /** How far apart the questions of the device flow must be (ms). */
  deviceInterval: number;
  /** How long a code of the device flow is good (ms). */
  deviceCode: number;
}

export type SecretKind = 'registration token' | "job's token" | 'JIT configuration' | "agent's credential";

/** A job comes to an idle runner in the moment in which it is taken out of service: `times` times. */
export interface LateHandover {
  /** The deletion is refused, or is answered as done all the same. */
  readonly do: 'refused' | 'raced';
  times: number;
  /** Queues a job that suits the runner, where none waits. */
  readonly queue?: (runner: RunnerRow) => void;
}

export class World {
  /** Where the server is asked: http://127.0.0.1:PORT, or https://HOST:PORT. */
  base = '';
  /** Added to the machine's clock (ms): what the double believes the time to be. */
  clockOffset = 0;
  readonly waits: Waits = {
    online: 5_000,
    handover: 0,
    pickup: 60_000,
    lost: 600_000,
    forget: Infinity,
    deviceInterval: 5_000,
    deviceCode: 900_000,
  };

  readonly users = new Map<string, User>();
  readonly organizations = new Map<string, Organization>();
  readonly enterprises = new Map<string, Enterprise>();
  readonly repositories = new Map<number, Repository>();
  /** Former names (owner/repo in small letters) of repositories that were renamed. */
  readonly renamed = new Map<string, Repository>();
  readonly tokens = new Map<string, Token>();
  /** Tokens for registering and removing runners. */
  readonly registrationTokens = new Map<
    string,
    { readonly scope: string; readonly kind: 'register' | 'remove'; readonly expiresAt: number }
  >();
  readonly organizationVariables = new Map<string, Repository['variables']>();
  readonly apps: App[] = [];
  /** OAuth clients that may use the device flow. */
  readonly clients = new Set<string>();
  readonly deviceCodes: DeviceCode[] = [];
  readonly agents: AgentVersion[] = [];

  readonly runners = new Map<number, RunnerRow>();
  readonly sessions = new Map<string, Session>();
  readonly runs = new Map<number, Run>();
  readonly jobs = new Map<number, Job>();
  readonly queued = new Set<Job>();
  readonly requests = new Map<number, JobRequest>();
  /** How often a worker started each job. */
  readonly jobRuns = new Map<number, number>();
  /** Jobs that have failed because their worker fell silent: nobody told of their end. */
  readonly missed = new Set<number>();

  deprecatedBelow: { readonly version: string; readonly at: 'message' | 'session' } | null = null;
  updateTo: string | null = null;
  /** Versions of the agent that get no session, and no message any more. */
  readonly refusedVersions = new Set<string>();
  /** When versions are taken no more, milliseconds; null: nobody is told, as outside of enterprises. */
  endsOfVersions: Map<
    string,
    { readonly registration: number | null; readonly runtime: number | null }
  > | null = null;
  /** An own server that is too old knows no registration for one job. */
  hasJit = true;
  /** Tokens by which agents are downloaded; null: anybody may. */
  downloadTokens: Set<string> | null = null;
  /** How many jobs were handed over as their runner was deleted. */
  lateHandovers = 0;
  lateHandover: LateHandover | null = null;
  /** What the API says of a runner's `busy`; null: the truth. */
  lyingBusy: ((name: string, busy: boolean) => boolean) | null = null;
  duplicates = false;
  /** Hears of each secret that is given out, whole and in its parts. */
  issued: (kind: SecretKind, secret: string) => void = () => undefined;

  /** How many runs there ever were. */
  runCount = 0;

  private lastId = 1000;
  nextId = (): number => ++this.lastId;
  now = (): number => Date.now() + this.clockOffset;

  owner(login: string): Owner | null {
    const key = login.toLowerCase();
    return this.users.get(key) ?? this.organizations.get(key) ?? null;
  }

  repository(owner: string, name: string): Repository | null {
    const wanted = `${owner}/${name}`;
    return [...this.repositories.values()].find((repository) => same(fullName(repository), wanted)) ?? null;
  }

  runnersOf(scope: string): RunnerRow[] {
    return [...this.runners.values()].filter((runner) => same(runner.scope, scope));
  }

  sessionOf(runner: RunnerRow): Session | null {
    return [...this.sessions.values()].find((session) => session.runner === runner) ?? null;
  }

  isOnline(runner: RunnerRow): boolean {
    if (runner.planted) return runner.planted === 'online';
    const session = this.sessionOf(runner);
    return session !== null && this.isAlive(session);
  }

  isAlive(session: Session): boolean {
    return session.check !== null || Date.now() - session.lastPoll < this.waits.online;
  }

  /** The groups of the organisation or enterprise that a scope names; none for a repository. */
  groupsOf(scope: string): readonly RunnerGroup[] {
    if (scope.startsWith('enterprises/'))
      return this.enterprises.get(scope.slice(12).toLowerCase())?.groups ?? [];
    return this.organizations.get(scope.toLowerCase())?.groups ?? [];
  }

  /** The page that people look at. */
  page = (path: string): string => `${this.base}/${path}`;
  api = (path: string): string => `${this.base}/api/v3${path}`;
}
