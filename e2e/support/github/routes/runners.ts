/** Self-hosted runners of a repository, an organisation or an enterprise. */
import { randomBytes } from 'node:crypto';
import { enterpriseOf, organizationOf, repositoryOf } from '../access.ts';
import { handNext, removeRunner, settle } from '../assignment.ts';
import type { Answer, Call, Route } from '../call.ts';
import { created, invalid, list, notFound, nothing, ok, param, refuse, text, texts } from '../call.ts';
import type { AgentVersion, RunnerRow, Scope } from '../model.ts';
import { fullName, same } from '../model.ts';
import { addRunner, agentFiles, registrationToken } from '../registration.ts';
import { iso, labelsView, runnerView } from '../views.ts';

type ScopeOf = (call: Call, level: 'read' | 'write') => Scope;

const repository: ScopeOf = (call, level) =>
  fullName(repositoryOf(call, { permission: 'administration', level, role: 'admin' }));
const organization: ScopeOf = (call, level) =>
  organizationOf(call, { permission: 'organization_self_hosted_runners', level, role: 'admin' }).login;
const enterprise: ScopeOf = (call) => `enterprises/${enterpriseOf(call)}`;

function runnerOf(call: Call, scope: Scope): RunnerRow {
  const runner = call.world.runners.get(Number(param(call, 'runner_id')));
  return runner && same(runner.scope, scope) ? runner : notFound();
}

function listed(call: Call, scope: Scope): Answer {
  const name = call.query.get('name');
  const runners = call.world.runnersOf(scope).filter((runner) => name === null || runner.name === name);
  return list(
    'runners',
    runners.map((runner) => runnerView(call.world, runner)),
  );
}

const busy = (runner: RunnerRow): never =>
  refuse(422, `Bad request - Runner "${runner.name}" is still running a job"`);

/**
 * A job may be handed over in the moment in which a runner is deleted or loses its labels: a deletion is refused, or
 * answered as done all the same.
 */
function lateHandover({ world }: Call, runner: RunnerRow, isDeleted: boolean): void {
  const { lateHandover: late } = world;
  if (!late || late.times < 1 || runner.request || !world.isOnline(runner)) return;
  const handed = (): boolean => runner.request !== null || handNext(world, runner);
  if (!handed()) {
    late.queue?.(runner);
    if (!handed()) return;
  }
  late.times -= 1;
  world.lateHandovers += 1;
  if (isDeleted && late.do === 'raced') removeRunner(world, runner);
  settle(world);
}

function remove(call: Call, scope: Scope): Answer {
  const runner = runnerOf(call, scope);
  lateHandover(call, runner, true);
  if (runner.deleted) return nothing;
  if (runner.request) return busy(runner);
  removeRunner(call.world, runner);
  settle(call.world);
  return nothing;
}

function checkSelfHosted(call: Call, scope: Scope): void {
  const [owner = '', name = ''] = scope.split('/');
  const repository = call.world.repository(owner, name);
  const policy = call.world.organizations.get(owner.toLowerCase())?.selfHosted;
  if (repository?.archived) refuse(403, 'Repository was archived so is read-only.');
  if (repository && (repository.selfHostedDisabled || policy === 'none'))
    refuse(403, 'Repository level self-hosted runners are disabled on this repository.');
}

function justInTime(call: Call, scope: Scope): Answer {
  if (!call.world.hasJit) return notFound();
  checkSelfHosted(call, scope);
  const { world } = call;
  const groupId = Number(call.body['runner_group_id']);
  const labels = texts(call, 'labels');
  const groups = world.groupsOf(scope);
  if (groups.length === 0 ? groupId !== 1 : !groups.some(({ id }) => id === groupId))
    invalid(`Runner group with ID ${groupId} does not exist.`);
  const long = labels.find((label) => label.length > 256 || label.trim() === '');
  if (long !== undefined) invalid('Labels must have between 1 and 256 characters.');
  const name = text(call, 'name');
  if (name === '' || name.length > 64) invalid('Name must have between 1 and 64 characters.');
  const runner = addRunner(world, { name, scope, groupId, labels, readOnlyLabels: [], ephemeral: true });
  const work = text(call, 'work_folder') || '_work';
  const files = agentFiles(world, runner, { WorkFolder: work });
  const configuration = Buffer.from(JSON.stringify(files)).toString('base64');
  world.issued('JIT configuration', configuration);
  return created({ runner: runnerView(world, runner), encoded_jit_config: configuration });
}

function token(kind: 'register' | 'remove') {
  return (call: Call, scope: Scope): Answer => {
    if (kind === 'register') checkSelfHosted(call, scope);
    const given = registrationToken(call.world, scope, kind);
    return created({ token: given.token, expires_at: iso(given.expiresAt) });
  };
}

const labelled = (runner: RunnerRow): Answer => {
  const labels = labelsView(runner);
  return ok({ total_count: labels.length, labels });
};

const labelRoutes: Readonly<Record<string, (call: Call, runner: RunnerRow) => void>> = {
  GET: () => undefined,
  PUT: (call, runner) => (runner.labels = texts(call, 'labels')),
  POST: (call, runner) => (runner.labels = [...new Set([...runner.labels, ...texts(call, 'labels')])]),
  DELETE: (_call, runner) => (runner.labels = []),
};

function labels(call: Call, scope: Scope): Answer {
  const runner = runnerOf(call, scope);
  if (call.method === 'PUT' && texts(call, 'labels').length === 0) lateHandover(call, runner, false);
  labelRoutes[call.method]?.(call, runner);
  settle(call.world);
  return labelled(runner);
}

function removeLabel(call: Call, scope: Scope): Answer {
  const runner = runnerOf(call, scope);
  const name = param(call, 'name');
  if (runner.readOnlyLabels.some((label) => same(label, name)))
    invalid('Read-only labels cannot be removed.');
  if (!runner.labels.some((label) => same(label, name))) notFound();
  runner.labels = runner.labels.filter((label) => !same(label, name));
  return labelled(runner);
}

/** The archive of an agent, as the downloads endpoint names it. */
function application(call: Call, agent: AgentVersion): object {
  const token = randomBytes(16).toString('hex');
  call.world.downloadTokens?.add(token);
  return {
    os: agent.os,
    architecture: agent.architecture,
    download_url: call.world.page(`downloads/v${agent.version}/${agent.filename}`),
    filename: agent.filename,
    ...(agent.sha256 === null ? {} : { sha256_checksum: agent.sha256 }),
    ...(call.world.downloadTokens === null ? {} : { temp_download_token: token }),
  };
}

/** Of each platform the version that was added last. */
function downloads(call: Call): Answer {
  const latest = new Map(call.world.agents.map((agent) => [`${agent.os} ${agent.architecture}`, agent]));
  return ok([...latest.values()].map((agent) => application(call, agent)));
}

function endOfVersion(call: Call): Answer {
  const { endsOfVersions } = call.world;
  if (endsOfVersions === null) return notFound();
  const version = param(call, 'version');
  const { registration = null, runtime = null } = endsOfVersions.get(version) ?? {};
  return ok({
    runner_version: version,
    registration_deprecates_at: registration === null ? null : iso(registration),
    runtime_deprecates_at: runtime === null ? null : iso(runtime),
  });
}

function routesOf(base: string, scopeOf: ScopeOf): Route[] {
  const route = (method: string, path: string, answer: (call: Call, scope: Scope) => Answer): Route => ({
    method,
    path: `${base}/actions/runners${path}`,
    answer: (call) => answer(call, scopeOf(call, method === 'GET' ? 'read' : 'write')),
  });
  return [
    route('GET', '', listed),
    route('GET', '/downloads', downloads),
    route('GET', '/deprecations/{version}', endOfVersion),
    route('POST', '/registration-token', token('register')),
    route('POST', '/remove-token', token('remove')),
    route('POST', '/generate-jitconfig', justInTime),
    route('GET', '/{runner_id}', (call, scope) => ok(runnerView(call.world, runnerOf(call, scope)))),
    route('DELETE', '/{runner_id}', remove),
    ...Object.keys(labelRoutes).map((method) => route(method, '/{runner_id}/labels', labels)),
    route('DELETE', '/{runner_id}/labels/{name}', removeLabel),
  ];
}

export const runnerRoutes: readonly Route[] = [
  ...routesOf('/repos/{owner}/{repo}', repository),
  ...routesOf('/orgs/{org}', organization),
  ...routesOf('/enterprises/{enterprise}', enterprise),
];
