/** How GitHub shows what the double holds. */
import { createHash } from 'node:crypto';
import { roleIn } from './access.ts';
import type {
  App,
  Installation,
  Job,
  Owner,
  Repository,
  Run,
  RunnerGroup,
  RunnerRow,
  Token,
  User,
} from './model.ts';
import { fullName } from './model.ts';
import { filled } from './specification.ts';
import type { World } from './world.ts';

export const iso = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
const hash = (value: string): string => createHash('sha1').update(value).digest('hex');
const node = (kind: string, id: number): string => Buffer.from(`${kind}:${id}`).toString('base64');

export function ownerView(world: World, owner: Owner, schema = 'simple-user'): object {
  const base = owner.type === 'User' ? `/users/${owner.login}` : `/orgs/${owner.login}`;
  const known = {
    login: owner.login,
    id: owner.id,
    node_id: node(owner.type, owner.id),
    type: owner.type,
    url: world.api(base),
    html_url: world.page(owner.login),
  };
  return filled(schema, known, world.api(base));
}

export const userView = (world: World, user: User, self: boolean): object => ({
  ...ownerView(world, user, self ? 'private-user' : 'public-user'),
  user_view_type: self ? 'private' : 'public',
  name: user.login,
});

export function organizationView(world: World, owner: Owner, full: boolean): object {
  const view = ownerView(world, owner, full ? 'organization-full' : 'organization-simple');
  return full ? { ...view, type: 'Organization' } : view;
}

function permissions(world: World, token: Token | null, repository: Repository): object {
  const role = roleIn(world, token, repository);
  const write = role === 'admin' || role === 'write';
  return {
    admin: role === 'admin',
    maintain: role === 'admin',
    push: write,
    triage: write,
    pull: role !== 'none',
  };
}

export function repositoryView(
  world: World,
  repository: Repository,
  token: Token | null,
  schema: 'full-repository' | 'minimal-repository' | 'repository',
): object {
  const name = fullName(repository);
  const known = {
    id: repository.id,
    node_id: node('Repository', repository.id),
    name: repository.name,
    full_name: name,
    owner: ownerView(world, repository.owner),
    private: repository.private,
    visibility: repository.private ? 'private' : 'public',
    archived: repository.archived,
    disabled: false,
    fork: false,
    html_url: world.page(name),
    url: world.api(`/repos/${name}`),
    default_branch: 'main',
    pushed_at: iso(repository.pushedAt),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.pushedAt),
    permissions: permissions(world, token, repository),
  };
  return filled(schema, known, world.api(`/repos/${name}`));
}

const label = (type: 'read-only' | 'custom') => (name: string, index: number) => ({
  id: (type === 'custom' ? 100 : 1) + index,
  name,
  type,
});

export const labelsView = (runner: RunnerRow): object[] => [
  ...runner.readOnlyLabels.map(label('read-only')),
  ...runner.labels.map(label('custom')),
];

export function runnerView(world: World, runner: RunnerRow): object {
  const busy = runner.request !== null;
  return {
    id: runner.id,
    runner_group_id: runner.groupId,
    name: runner.name,
    os: runner.os,
    status: world.isOnline(runner) ? 'online' : 'offline',
    busy: world.lyingBusy?.(runner.name, busy) ?? busy,
    labels: labelsView(runner),
    ephemeral: runner.ephemeral,
    version: runner.version,
  };
}

export function groupView(world: World, scope: string, group: RunnerGroup): object {
  const base = scope.startsWith('enterprises/') ? `/${scope}` : `/orgs/${scope}`;
  const at = world.api(`${base}/actions/runner-groups/${group.id}`);
  return {
    id: group.id,
    name: group.name,
    visibility: group.visibility,
    default: group.default,
    selected_repositories_url: `${at}/repositories`,
    runners_url: `${at}/runners`,
    inherited: false,
    allows_public_repositories: group.allowsPublic,
    restricted_to_workflows: false,
    selected_workflows: [],
    workflow_restrictions_read_only: false,
  };
}

/** A run's jobs as they are now: of each name the latest attempt. */
export const latestJobs = (run: Run): Job[] =>
  run.jobs.filter((job, index) => !run.jobs.some((other, later) => later > index && replaces(other, job)));

const replaces = (later: Job, job: Job): boolean => later.name === job.name && later.attempt > job.attempt;

export function runStatus(run: Run): { readonly status: string; readonly conclusion: string | null } {
  const jobs = latestJobs(run);
  if (jobs.every((job) => job.status === 'completed')) {
    const worst = ['failure', 'cancelled', 'timed_out'].find((one) =>
      jobs.some((job) => job.conclusion === one),
    );
    return { status: 'completed', conclusion: worst ?? 'success' };
  }
  const begun = jobs.some((job) => job.status === 'in_progress' || job.status === 'completed');
  return { status: begun ? 'in_progress' : 'queued', conclusion: null };
}

export function runView(world: World, run: Run, token: Token | null): object {
  const name = fullName(run.repository);
  const at = world.api(`/repos/${name}/actions/runs/${run.id}`);
  const repository = repositoryView(world, run.repository, token, 'minimal-repository');
  const known = {
    id: run.id,
    node_id: node('Run', run.id),
    name: run.workflow,
    display_title: run.workflow,
    head_branch: 'main',
    head_sha: hash(`run ${run.id}`),
    path: '.github/workflows/ci.yml',
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    ...runStatus(run),
    workflow_id: 1,
    url: at,
    html_url: world.page(`${name}/actions/runs/${run.id}`),
    created_at: iso(run.createdAt),
    updated_at: iso(run.createdAt),
    repository,
    head_repository: repository,
  };
  return filled('workflow-run', known, at);
}

export function jobView(world: World, job: Job): object {
  const { run, runner } = job;
  const name = fullName(run.repository);
  const group = runner ? world.groupsOf(runner.scope).find(({ id }) => id === runner.groupId) : undefined;
  const known = {
    id: job.id,
    run_id: run.id,
    run_url: world.api(`/repos/${name}/actions/runs/${run.id}`),
    run_attempt: job.attempt,
    node_id: node('Job', job.id),
    head_sha: hash(`run ${run.id}`),
    url: world.api(`/repos/${name}/actions/jobs/${job.id}`),
    html_url: world.page(`${name}/actions/runs/${run.id}/job/${job.id}`),
    status: job.status,
    conclusion: job.conclusion,
    created_at: iso(job.createdAt),
    started_at: iso(job.startedAt ?? job.createdAt),
    completed_at: job.completedAt === null ? null : iso(job.completedAt),
    name: job.name,
    steps: [],
    labels: job.labels,
    runner_id: runner?.id ?? null,
    runner_name: runner?.name ?? null,
    runner_group_id: runner?.groupId ?? null,
    runner_group_name: runner ? (group?.name ?? 'Default') : null,
    workflow_name: run.workflow,
    head_branch: 'main',
  };
  return filled('job', known, world.api(`/repos/${name}`));
}

export const appView = (world: World, app: App): object =>
  filled(
    'integration',
    {
      id: app.id,
      client_id: app.clientId,
      slug: app.slug,
      node_id: node('App', app.id),
      owner: ownerView(world, app.owner),
      name: app.slug,
      permissions: {},
      html_url: world.page(`apps/${app.slug}`),
    },
    world.api('/app'),
  );

export const installationView = (world: World, app: App, installation: Installation): object =>
  filled(
    'installation',
    {
      id: installation.id,
      account: ownerView(world, installation.account),
      app_id: app.id,
      app_slug: app.slug,
      target_id: installation.account.id,
      target_type: installation.account.type,
      repository_selection: installation.repositories === null ? 'all' : 'selected',
      access_tokens_url: world.api(`/app/installations/${installation.id}/access_tokens`),
      permissions: installation.permissions,
    },
    world.api(`/app/installations/${installation.id}`),
  );
