/** How a test builds and changes the world of the double. */
import { randomBytes } from 'node:crypto';
import { queue, removeRunner, settle } from './assignment.ts';
import type {
  AgentResult,
  AgentVersion,
  App,
  ForkApproval,
  Organization,
  Repository,
  Role,
  RunnerGroup,
  RunnerRow,
  Token,
  TokenKind,
  User,
} from './model.ts';
import { fullName } from './model.ts';
import { addRunner } from './registration.ts';
import type { World } from './world.ts';

export function addUser(
  world: World,
  login: string,
  options: { readonly enterprises?: readonly string[] } = {},
): User {
  const enterprises = new Set((options.enterprises ?? []).map((name) => name.toLowerCase()));
  const user: User = { id: world.nextId(), login, type: 'User', enterprises };
  world.users.set(login.toLowerCase(), user);
  for (const name of options.enterprises ?? [])
    if (!world.enterprises.has(name.toLowerCase()))
      world.enterprises.set(name.toLowerCase(), { name, groups: [defaultGroup()] });
  return user;
}

const defaultGroup = (): RunnerGroup => ({
  id: 1,
  name: 'Default',
  default: true,
  visibility: 'all',
  allowsPublic: false,
  chosen: new Set(),
});

export interface NewOrganization {
  readonly admins?: readonly string[];
  readonly members?: readonly string[];
  readonly enterprise?: string;
  readonly sso?: boolean;
  readonly selfHosted?: Organization['selfHosted'];
}

export function addOrganization(world: World, login: string, options: NewOrganization = {}): Organization {
  const members = new Map<string, 'admin' | 'member'>();
  for (const member of options.members ?? []) members.set(member.toLowerCase(), 'member');
  for (const admin of options.admins ?? []) members.set(admin.toLowerCase(), 'admin');
  const organization: Organization = {
    id: world.nextId(),
    login,
    type: 'Organization',
    members,
    groups: [defaultGroup()],
    enterprise: options.enterprise ?? null,
    sso: options.sso ?? false,
    selfHosted: options.selfHosted ?? 'all',
  };
  world.organizations.set(login.toLowerCase(), organization);
  return organization;
}

export interface NewGroup {
  readonly name: string;
  readonly visibility?: RunnerGroup['visibility'];
  readonly allowsPublic?: boolean;
  /** Repositories, or organisations of an enterprise. */
  readonly chosen?: readonly string[];
}

/** A runner group of an organisation (its login) or an enterprise (enterprises/NAME). */
export function addGroup(world: World, scope: string, wanted: NewGroup): RunnerGroup {
  const group: RunnerGroup = {
    id: world.nextId(),
    name: wanted.name,
    default: false,
    visibility: wanted.visibility ?? 'all',
    allowsPublic: wanted.allowsPublic ?? false,
    chosen: new Set((wanted.chosen ?? []).map((name) => name.toLowerCase())),
  };
  (world.groupsOf(scope) as RunnerGroup[]).push(group);
  return group;
}

export interface NewRepository {
  readonly private?: boolean;
  readonly archived?: boolean;
  /** File name in `.github/workflows` to its text. */
  readonly workflows?: Readonly<Record<string, string>>;
  /** Wall-clock milliseconds; now if left out. */
  readonly pushedAt?: number;
  readonly collaborators?: Readonly<Record<string, Role>>;
  readonly forkApproval?: ForkApproval;
}

/** A repository by its full name; private unless told otherwise. A user of that name is made where there is no owner. */
export function addRepository(world: World, name: string, options: NewRepository = {}): Repository {
  const [login = '', own = ''] = name.split('/');
  const repository: Repository = {
    id: world.nextId(),
    owner: world.owner(login) ?? addUser(world, login),
    name: own,
    private: options.private ?? true,
    archived: options.archived ?? false,
    pushedAt: options.pushedAt ?? world.now(),
    createdAt: world.now(),
    collaborators: new Map(
      Object.entries(options.collaborators ?? {}).map(([who, role]) => [who.toLowerCase(), role]),
    ),
    workflows: new Map(Object.entries(options.workflows ?? {})),
    actions: true,
    selfHostedDisabled: false,
    forkApproval: options.forkApproval ?? 'first_time_contributors',
    access: 'none',
    variables: new Map(),
  };
  world.repositories.set(repository.id, repository);
  return repository;
}

export interface NewToken {
  readonly login: string;
  /** classic if left out. */
  readonly kind?: Exclude<TokenKind, 'app'>;
  /** OAuth scopes; `repo` if left out. */
  readonly scopes?: readonly string[];
  readonly permissions?: Token['permissions'];
  /** Whose resources a fine-grained token reaches: its user's if left out. */
  readonly owner?: string;
  readonly repositories?: readonly string[];
  readonly expiresAt?: number;
  readonly sso?: readonly string[];
}

/** A new token; the answer is its text. */
export function addToken(world: World, wanted: NewToken): string {
  const kind = wanted.kind ?? 'classic';
  const token = `${kind === 'classic' ? 'ghp_' : 'github_pat_'}${randomBytes(18).toString('hex')}`;
  world.tokens.set(token, {
    token,
    kind,
    login: wanted.login,
    scopes: kind === 'classic' ? (wanted.scopes ?? ['repo']) : [],
    permissions: wanted.permissions ?? {},
    owner: wanted.owner ?? wanted.login,
    repositories: wanted.repositories ?? null,
    expiresAt: wanted.expiresAt ?? null,
    sso: wanted.sso ?? [],
    revoked: false,
  });
  return token;
}

export interface NewApp {
  readonly slug: string;
  readonly owner: string;
  /** PEM; who has the private key is this app. */
  readonly publicKey: string;
  readonly installations: readonly {
    readonly account: string;
    readonly permissions: Token['permissions'];
    readonly repositories?: readonly string[];
  }[];
}

export function addApp(world: World, wanted: NewApp): App {
  const owner = (login: string) => world.owner(login) ?? addUser(world, login);
  const app: App = {
    id: world.nextId(),
    clientId: `Iv1.${randomBytes(8).toString('hex')}`,
    slug: wanted.slug,
    owner: owner(wanted.owner),
    publicKey: wanted.publicKey,
    installations: wanted.installations.map((one) => ({
      id: world.nextId(),
      account: owner(one.account),
      permissions: one.permissions,
      repositories: one.repositories ?? null,
    })),
  };
  world.apps.push(app);
  return app;
}

export interface QueuedJob {
  /** owner/repo. */
  readonly repository: string;
  readonly labels: readonly string[];
  readonly name?: string;
  /** What its worker runs; nothing if left out. */
  readonly script?: string;
  readonly sleepMs?: number;
  readonly result?: AgentResult;
  /** A matrix of so many jobs in one run; 1 if left out. */
  readonly count?: number;
  readonly workflow?: string;
  readonly event?: string;
}

/** Queues the jobs of a new run; the answer are their ids. */
export function queueJob(world: World, wanted: QueuedJob): number[] {
  const [owner = '', name = ''] = wanted.repository.split('/');
  const repository = world.repository(owner, name);
  if (!repository) throw new Error(`the double has no repository ${wanted.repository}`);
  const id = world.nextId();
  const run = {
    id,
    number: (world.runCount += 1),
    repository,
    workflow: wanted.workflow ?? 'CI',
    event: wanted.event ?? 'push',
    createdAt: world.now(),
    attempt: 1,
    jobs: [],
  };
  world.runs.set(id, run);
  repository.pushedAt = world.now();
  const count = wanted.count ?? 1;
  const ids = Array.from({ length: count }, (_, index) => {
    const plain = wanted.name ?? 'build';
    const { labels, script = '', sleepMs = 0, result = null } = wanted;
    const called = count === 1 ? plain : `${plain} (${index + 1})`;
    return queue(world, run, { name: called, labels, script, sleepMs, result }).id;
  });
  settle(world);
  return ids;
}

export interface PlantedRunner {
  readonly scope: string;
  readonly name: string;
  readonly labels?: readonly string[];
  readonly status?: 'online' | 'offline';
  readonly groupId?: number;
  readonly ephemeral?: boolean;
}

/** A runner of somebody else: it has no agent and gets no job. */
export function plantRunner(world: World, wanted: PlantedRunner): RunnerRow {
  const { scope, name, labels = [], groupId = 1, ephemeral = true } = wanted;
  const runner = addRunner(world, { scope, name, labels, groupId, ephemeral, readOnlyLabels: [] });
  runner.planted = wanted.status ?? 'offline';
  runner.os = 'Linux';
  runner.version = '2.330.0';
  return runner;
}

function repositoryNamed(world: World, name: string): Repository {
  const [owner = '', own = ''] = name.split('/');
  const repository = world.repository(owner, own);
  if (!repository) throw new Error(`the double has no repository ${name}`);
  return repository;
}

/** Gives it another name; the old one redirects. Its runners stay with it. */
export function renameRepository(world: World, name: string, to: string): void {
  const repository = repositoryNamed(world, name);
  const runners = world.runnersOf(name);
  world.renamed.set(name.toLowerCase(), repository);
  repository.name = to;
  for (const runner of runners) Object.assign(runner, { scope: fullName(repository) });
}

/** Deletes it, and with it its runners and what waits there. */
export function deleteRepository(world: World, name: string): void {
  const repository = repositoryNamed(world, name);
  for (const runner of world.runnersOf(name)) removeRunner(world, runner);
  for (const job of [...world.queued]) if (job.run.repository === repository) world.queued.delete(job);
  world.repositories.delete(repository.id);
  settle(world);
}

export const changeRepository = (
  world: World,
  name: string,
  change: Partial<
    Pick<Repository, 'private' | 'archived' | 'selfHostedDisabled' | 'actions' | 'forkApproval' | 'pushedAt'>
  >,
): void => {
  Object.assign(repositoryNamed(world, name), change);
  settle(world);
};

export function addAgentVersion(world: World, version: AgentVersion): void {
  world.agents.push(version);
}
