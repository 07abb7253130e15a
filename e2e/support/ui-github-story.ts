/** What is told of GitHub in the pictures and tests of the window: one person, one organisation, an ordinary day. */
import type { AccountView } from '../../src-main/contract/account.ts';
import type { Job } from '../../src-main/contract/job.ts';
import type { Pool, PoolEdit } from '../../src-main/contract/pool.ts';
import type { Problem } from '../../src-main/contract/problem.ts';
import type {
  ForeignAgent,
  ForeignView,
  PoolView,
  RunnerView,
  WaitingView,
} from '../../src-main/contract/snapshot.ts';

const day = 86_400_000;
const runs = 'https://github.com/harborline/tessera/actions/runs';

export function accounts(): [AccountView, ...AccountView[]] {
  const common = { forge: 'github', url: 'https://github.com', problem: null } as const;
  return [
    {
      ...{ ...common, id: 'mira-holt', kind: 'gh', login: 'mira-holt', expiresAt: null },
      ...{ scopes: ['repo', 'read:org', 'workflow'], kept: 'elsewhere' },
    },
    {
      ...{ ...common, id: 'harborline-bot', kind: 'app', login: 'harborline-bot', expiresAt: null },
      ...{ scopes: null, kept: 'keyring' },
    },
    {
      ...{ ...common, id: 'ci', kind: 'token', login: 'mira-ci', expiresAt: Date.now() + 5.2 * day },
      ...{ scopes: ['repo'], kept: 'memory' },
    },
    {
      ...{ ...common, id: 'work', kind: 'token', login: 'mholt', url: 'https://git.northwind.example' },
      ...{ scopes: null, expiresAt: Date.now() - 2 * day, kept: 'keyring' },
      problem: {
        code: 'unauthorized',
        message: 'The token of mholt at git.northwind.example has ended.',
        hint: 'Make a new one there, and add the account again.',
        link: 'https://git.northwind.example/settings/tokens',
      },
    },
  ];
}

const troubles: Readonly<Record<string, Problem>> = {
  expired: {
    ...{ code: 'unauthorized', message: 'github.com does not accept the token of expired any more.' },
    hint: 'Add the account again with a new one.',
    link: 'https://github.com/settings/tokens/new',
  },
  weak: {
    ...{ code: 'forbidden', message: 'The token of weak lacks the permission `administration=write`.' },
    hint: 'Grant it on the page of the token, then check the pool again.',
    link: 'https://github.com/settings/personal-access-tokens',
  },
  'sso-blocked': {
    ...{
      code: 'forbidden',
      message: 'The organisation harborline takes this token only after single sign-on.',
    },
    hint: 'Authorise the token for harborline on this page.',
    link: 'https://github.com/orgs/harborline/sso?authorization_request=A3F9',
  },
  'rate-limited': {
    ...{
      code: 'rate-limited',
      message: 'GitHub asks for a pause: the hourly limit of this account is reached.',
    },
    ...{ hint: 'Jobs that run go on.', retryAt: Date.now() + 900_000 },
  },
  'a-very-long-login-name-of-thirty-nine-ch': {
    ...{
      code: 'unauthorized',
      message: 'There is no secret for the account a-very-long-login-name any more.',
    },
    hint: 'Sign in again under Accounts.',
  },
};

/** What may be wrong with accounts: each says so where it stands. */
export function troubledAccounts(): AccountView[] {
  const [first] = accounts();
  const now = Date.now();
  const long = {
    ...{ url: 'https://github.a-very-long-host-name.northwind-industries.example', kept: 'memory' as const },
    scopes: ['repo', 'read:org', 'admin:org', 'workflow', 'manage_runners:enterprise', 'write:packages'],
    expiresAt: now + 2 * day,
  };
  return Object.entries(troubles).map(([login, problem]) => ({
    ...{ ...first, id: login, login, kind: 'token', kept: 'keyring', problem },
    ...{ scopes: login === 'weak' ? [] : ['repo'], expiresAt: login === 'expired' ? now - 3 * day : null },
    ...(login.length > 30 ? long : {}),
  }));
}

function poolView(more: Pick<PoolView, 'id' | 'name' | 'scope'> & Partial<PoolView>): PoolView {
  return {
    ...{ forge: 'github', account: 'mira-holt', mode: 'ephemeral', scaling: 'aggressive', arch: 'x64' },
    ...{ runtime: 'process', labels: ['self-hosted', 'linux', 'x64'], min: 0, max: 4, weight: 1 },
    ...{ paused: null, isolation: [], emulation: null, demand: 0, want: 0, problem: null },
    runner: { cores: 4, memoryMiB: 8192 },
    ...more,
  };
}

export function pools(): PoolView[] {
  return [
    poolView({ id: 'tessera', name: 'Tessera', scope: 'harborline/tessera', demand: 2, want: 4 }),
    poolView({
      ...{ id: 'mine', name: 'My repositories', scope: 'mira-holt/*', mode: 'auto', demand: null },
      account: 'work',
      problem: {
        code: 'unauthorized',
        message: 'GitHub does not accept the token of mholt any more.',
        hint: 'Sign in again: nothing new starts until then.',
        link: 'https://git.northwind.example/settings/tokens',
      },
    }),
  ];
}

/** The settings of a pool, as `pool.show` has them. */
export function poolSettings(edit: PoolEdit, id = 'tessera'): Pool {
  const view = pools().find((one) => one.id === id);
  return {
    ...{ id, name: view?.name ?? 'Tessera', forge: 'github', scope: view?.scope ?? 'harborline/tessera' },
    ...{
      account: view?.account ?? 'mira-holt',
      group: null,
      publicAllowed: false,
      fallback: false,
      arch: 'x64',
    },
    ...{ runtime: 'process', size: 'standard', cores: null, memoryMiB: null, mode: view?.mode ?? 'auto' },
    ...{ scaling: 'aggressive', overrides: {}, min: 0, max: 4, weight: 1, labels: [] },
    ...{ idleTimeoutSeconds: 300, maxLifetimeSeconds: 0 },
    ...Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)),
  };
}

export function runners(now: number): RunnerView[] {
  const common = {
    ...{ pool: 'tessera', pid: null, container: null, job: null, problem: null },
    resources: { cores: 4, cpus: null, memoryMiB: 8192, notEnforced: [] },
  };
  return [
    {
      ...common,
      ...{ name: 'hr-4f2a9c-tessera-k3x9qd', phase: 'busy', why: 'It runs a job.', since: now - 252_000 },
      job: {
        ...{ id: 'gh-91', name: 'test / build (ubuntu, stable)', url: `${runs}/812/job/91` },
        startedAt: now - 252_000,
      },
    },
    {
      ...common,
      ...{ name: 'hr-4f2a9c-tessera-p07wzt', phase: 'preparing', since: now - 2000 },
      why: 'Made for “test / build (macos)”, which waits since 14:31.',
    },
    {
      ...{ ...common, name: 'hr-4f2a9c-tessera-b81mnc', phase: 'stuck', since: now - 340_000 },
      why: 'GitHub still holds it busy.',
      problem: {
        code: 'forge-unreachable',
        message: 'GitHub still holds it busy after the crash of 14:20.',
        hint: 'GitHub notices after 10 minutes without it, at 14:36; until then it waits.',
      },
    },
  ];
}

export function waiting(now: number): WaitingView[] {
  const one = (n: number, more: Pick<WaitingView, 'name' | 'labels' | 'why'> & Partial<WaitingView>) => ({
    ...{ job: `gh-${n}`, url: `${runs}/812/job/${n}`, pool: 'tessera', forge: 'github' as const },
    ...{ scope: 'harborline/tessera', since: now - n * 1000 },
    ...more,
  });
  const common = ['self-hosted', 'linux'];
  return [
    one(92, { name: 'test / build (ubuntu, nightly)', labels: common, why: [] }),
    one(93, {
      ...{ name: 'test / cuda', labels: [...common, 'gpu'] },
      why: ['It asks for the label gpu, which no pool here has.'],
      pool: null,
    }),
    one(94, {
      ...{ name: 'deploy / docs', labels: common, scope: 'harborline/tessera-docs' },
      url: 'https://github.com/harborline/tessera-docs/actions/runs/77/job/94',
      why: ['All 4 runners of Tessera are busy; it is the next job.'],
    }),
  ];
}

export function jobs(now: number): Job[] {
  const one = (n: number, more: Pick<Job, 'name' | 'state'> & Partial<Job>): Job => ({
    ...{ id: `gh-${n}`, forge: 'github', pool: 'tessera', runner: 'hr-4f2a9c-tessera-k3x9qd' },
    ...{ url: `${runs}/812/job/${n}`, labels: ['self-hosted', 'linux'], arch: 'x64' },
    ...{ createdAt: now - 400_000, startedAt: now - 390_000, endedAt: now - 120_000, exitCode: null },
    ...{ result: null, endedBy: 'job', peak: { cpu: 3.4, memoryMiB: 2120 }, attempt: 1 },
    ...{ retryOf: null, retriedAs: null },
    ...more,
  });
  return [
    one(91, {
      ...{ name: 'test / build (ubuntu, stable)', state: 'running', startedAt: now - 252_000 },
      ...{ endedAt: null, endedBy: null, peak: { cpu: null, memoryMiB: null } },
    }),
    one(90, {
      ...{ name: 'test / integration', state: 'lost', endedBy: 'machine', endedAt: now - 600_000 },
      ...{ startedAt: now - 900_000, result: 'The machine went down while it ran.' },
    }),
    one(89, { name: 'lint', state: 'failed', result: 'It failed at GitHub.' }),
    one(88, { name: 'test / build (ubuntu, beta)', state: 'succeeded', exitCode: 0 }),
  ];
}

/** What a job printed; null where it is none of these. */
export function logOf(job: string): string | null {
  const found = jobs(0).find((one) => one.id === job);
  if (found === undefined) return null;
  return `${found.name}\n\u001b[36mRun npm test\u001b[0m\n> tessera@3.2.0 test\n\n  128 passing (4 s)\n`;
}

const agentIn = (folder: string, more: Pick<ForeignAgent, 'name' | 'url' | 'running'>): ForeignAgent => ({
  ...{ folder, ...more, service: true },
  commands: {
    stop: `cd '${folder}' && sudo ./svc.sh stop`,
    uninstall: `cd '${folder}' && sudo ./svc.sh uninstall`,
    remove: `cd '${folder}' && ./config.sh remove`,
  },
});

/** Agents that somebody set up by hand: one that is idle, and one at work. */
export const agents = {
  legacy: agentIn('/opt/actions-runner', {
    ...{ name: 'den-legacy', url: 'https://github.com/harborline/legacy', running: false },
  }),
  busy: agentIn('/home/mira/actions-runner', {
    ...{ name: 'den-tessera', url: 'https://github.com/harborline/tessera', running: true },
  }),
};

export function foreign(): ForeignView[] {
  return [
    {
      ...{ name: 'hr-77be01-tessera-q2m8xa', kind: 'registration', suspicious: false },
      description:
        'A runner of another install, registered at harborline/tessera, offline for 9 days; last seen on “den”.',
    },
    {
      ...{ name: null, kind: 'agent', suspicious: false, agent: agents.legacy },
      description:
        'The GitHub runner den-legacy in /opt/actions-runner was not made by Homerunner; it serves https://github.com/harborline/legacy and does not run now. It is a service of this system.',
    },
    {
      ...{ name: null, kind: 'agent', suspicious: false, agent: agents.busy },
      description:
        'The GitHub runner den-tessera in /home/mira/actions-runner was not made by Homerunner; it serves https://github.com/harborline/tessera and runs (process 4711). It is a service of this system.',
    },
    {
      ...{ name: null, kind: 'agent', suspicious: true },
      description:
        'A runner in /tmp/.x11 that serves unknown-owner/a8f3, started 3 h ago by mira, in no service.',
    },
  ];
}
