/** The double of GitHub: a server on loopback, and the hands that a test has on it. */
import type { AddressInfo } from 'node:net';
import { settle, sweep } from './assignment.ts';
import * as control from './control.ts';
import { Faults, type Fault } from './faults.ts';
import { Limits, type LimitChange, type LimitSettings } from './limits.ts';
import type { Job, RunnerRow } from './model.ts';
import { same } from './model.ts';
import { type Certificate, type RequestRecord, serverOf, type Service } from './serve.ts';
import { World, type Waits } from './world.ts';

export interface DoubleOptions {
  /** Any free one if left out. */
  readonly port?: number;
  /** What it is called where it says its address, and what proves that; plain http on 127.0.0.1 if left out. */
  readonly tls?: Certificate & { readonly host: string };
  readonly waits?: Partial<Waits>;
  readonly limits?: Partial<LimitSettings>;
  /** Hears of each request; else all are kept in `requests`. */
  readonly heard?: (request: RequestRecord) => void;
  /** Hears of each secret as it is given out. */
  readonly issued?: World['issued'];
}

/** A world in the hands of a test: its first argument is given already. */
type Bound<F> = F extends (world: World, ...rest: infer A) => infer R ? (...rest: A) => R : never;
type Controls = { readonly [K in keyof typeof control]: Bound<(typeof control)[K]> };

export interface GitHubDouble extends Service, Controls {
  /** http://127.0.0.1:PORT, or https://HOST:PORT: pages lie here. */
  readonly url: string;
  /** The API: `url` + /api/v3. */
  readonly apiUrl: string;
  /** Job id to how often a worker started it. */
  readonly jobRuns: ReadonlyMap<number, number>;
  fault(fault: Fault): void;
  /** Of one account, or of all that have a token now. */
  setLimit(change: LimitChange): void;
  runners(scope?: string): RunnerRow[];
  isOnline(runner: RunnerRow): boolean;
  jobs(): Job[];
  job(id: number): Job;
  revokeToken(token: string): void;
  makePublic(repository: string): void;
  disableSelfHosted(repository: string): void;
  /** Agents below this version get no messages, or not even a session; null: every version is good. */
  deprecateBelow(version: string | null, at?: 'message' | 'session'): void;
  /** Agents of this version get no session, and no message any more. */
  refuseVersion(version: string): void;
  /** Tells agents of another version to update themselves; null: nobody any more. */
  updateAgents(version: string | null): void;
  /** The person's answer to a code of the device flow. */
  answerDevice(userCode: string, answer: { readonly token: string } | 'denied'): void;
  close(): Promise<void>;
}

function controlsOf(world: World): Controls {
  const bound = Object.entries(control).map(([name, act]) => [
    name,
    (...rest: readonly unknown[]) =>
      (act as (world: World, ...rest: readonly unknown[]) => unknown)(world, ...rest),
  ]);
  return Object.fromEntries(bound) as Controls;
}

function jobOf(world: World, id: number): Job {
  const job = world.jobs.get(id);
  if (!job) throw new Error(`the double has no job ${id}`);
  return job;
}

function switchesOf(world: World) {
  return {
    revokeToken(token: string): void {
      const known = world.tokens.get(token);
      if (!known) throw new Error('the double has no such token');
      known.revoked = true;
    },
    makePublic: (name: string) => control.changeRepository(world, name, { private: false }),
    disableSelfHosted: (name: string) => control.changeRepository(world, name, { selfHostedDisabled: true }),
    deprecateBelow(version: string | null, at: 'message' | 'session' = 'message'): void {
      world.deprecatedBelow = version === null ? null : { version, at };
      settle(world);
    },
    refuseVersion(version: string): void {
      world.refusedVersions.add(version);
      settle(world);
    },
    updateAgents(version: string | null): void {
      world.updateTo = version;
      settle(world);
    },
    answerDevice(userCode: string, answer: { readonly token: string } | 'denied'): void {
      const code = world.deviceCodes.find((one) => one.userCode === userCode);
      if (!code) throw new Error(`the double has no code ${userCode}`);
      code.answer = answer;
    },
  };
}

function setLimit({ world, limits }: Service, change: LimitChange): void {
  for (const token of world.tokens.values())
    if (change.login === undefined || same(token.login, change.login)) limits.change(token, change);
}

function serviceOf(options: DoubleOptions): Service {
  const world = new World();
  Object.assign(world.waits, options.waits);
  if (options.issued) world.issued = options.issued;
  const requests: RequestRecord[] = [];
  const limits = new Limits(world.now);
  Object.assign(limits.settings, options.limits);
  return {
    world,
    limits,
    violations: [],
    etags: true,
    faults: new Faults(),
    requests,
    heard: options.heard ?? ((request) => void requests.push(request)),
    latency: 0,
    cut: null,
  };
}

/** Starts the double on loopback; nobody and nothing is known to it yet. */
export async function startGitHubDouble(options: DoubleOptions = {}): Promise<GitHubDouble> {
  const service = serviceOf(options);
  const { world } = service;
  const server = serverOf(service, options.tls);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  world.base = options.tls ? `https://${options.tls.host}:${port}` : `http://127.0.0.1:${port}`;
  const sweeping = setInterval(() => sweep(world), 100);
  sweeping.unref();
  return Object.assign(service, controlsOf(world), switchesOf(world), {
    url: world.base,
    apiUrl: world.api(''),
    jobRuns: world.jobRuns,
    fault: (fault: Fault) => service.faults.add(fault),
    setLimit: (change: LimitChange) => setLimit(service, change),
    runners: (scope?: string) => (scope === undefined ? [...world.runners.values()] : world.runnersOf(scope)),
    isOnline: (runner: RunnerRow) => world.isOnline(runner),
    jobs: () => [...world.jobs.values()],
    job: (id: number) => jobOf(world, id),
    close: () =>
      new Promise<void>((resolve) => {
        clearInterval(sweeping);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
