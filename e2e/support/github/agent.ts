/** What the double of the agent asks: registration, sessions, messages and the life of its job. */
import { randomBytes, randomUUID } from 'node:crypto';
import { conclusionOf, finish, removeRunner, settle } from './assignment.ts';
import type { Answer } from './call.ts';
import { refusal } from './call.ts';
import type { AgentResult, JobRequest, RunnerRow, Session } from './model.ts';
import { fullName, same } from './model.ts';
import { addRunner, agentFiles } from './registration.ts';
import { isBelow } from './versions.ts';
import { runnerView } from './views.ts';
import type { World } from './world.ts';

type Body = Readonly<Record<string, unknown>>;

const ok = (body: object = {}): Answer => ({ status: 200, body });
const gone: Answer = { status: 404, body: {} };

const deprecated = (version: string): Answer => ({
  status: 403,
  body: { message: `Runner version v${version} is deprecated and cannot receive messages.` },
});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The scope that the page's address names. */
function scopeOf(world: World, url: string): string {
  return new URL(url, world.base).pathname.replace(/^\/+|\/+$/g, '');
}

function register(world: World, scope: string, body: Body): Answer {
  const name = text(body['name']);
  const known = world.runnersOf(scope).find((runner) => same(runner.name, name));
  if (known && body['replace'] !== true)
    return { status: 409, body: { message: `A runner exists with the same name ${name}.` } };
  if (known) removeRunner(world, known);
  const groups = world.groupsOf(scope);
  const group = groups.find((one) => one.name === body['group']) ?? groups.find((one) => one.default);
  const labels = Array.isArray(body['labels']) ? body['labels'].map(String) : [];
  const standard = ['self-hosted', 'linux', 'macos', 'windows', 'x64', 'arm64', 'arm', 'x86'];
  const isStandard = (label: string) => standard.includes(label.toLowerCase());
  const runner = addRunner(world, {
    name,
    scope,
    groupId: group?.id ?? 1,
    labels: labels.filter((label) => !isStandard(label)),
    readOnlyLabels: labels.filter(isStandard),
    ephemeral: body['ephemeral'] === true,
  });
  const disable = body['disableUpdate'] === true;
  const files = agentFiles(world, runner, { DisableUpdate: disable, GitHubUrl: text(body['url']) });
  return ok({ runner: runnerView(world, runner), files });
}

function unregister(world: World, scope: string, body: Body): Answer {
  const runner = world.runners.get(Number(body['agentId']));
  if (!runner || !same(runner.scope, scope)) return gone;
  if (runner.request) return refusal(422, `Bad request - Runner "${runner.name}" is still running a job"`);
  removeRunner(world, runner);
  settle(world);
  return ok();
}

/** Classic registration and removal, with a token of the API that is good for an hour. */
export function registration(world: World, authorization: string, body: Body): Answer {
  const token = world.registrationTokens.get(authorization.replace(/^RemoteAuth /i, ''));
  const scope = scopeOf(world, text(body['url']));
  const event = text(body['runner_event']);
  const kind = event === 'remove' ? 'remove' : 'register';
  const good = token?.kind === kind && token.expiresAt > world.now() && same(token.scope, scope);
  if (!good) return refusal(404, 'Not Found');
  return kind === 'register' ? register(world, scope, body) : unregister(world, scope, body);
}

function isRefused({ deprecatedBelow, refusedVersions }: World, version: string): boolean {
  return (
    refusedVersions.has(version) || (deprecatedBelow !== null && isBelow(version, deprecatedBelow.version))
  );
}

function open(world: World, bearer: string, body: Body): Answer {
  const runner = world.runners.get(Number(body['agentId']));
  if (runner?.clientId !== bearer) return gone;
  const version = text(body['version']);
  if (world.deprecatedBelow?.at === 'session' && isRefused(world, version)) return deprecated(version);
  if (world.refusedVersions.has(version)) return deprecated(version);
  const former = world.sessionOf(runner);
  if (former && world.isAlive(former)) return { status: 409, body: {} };
  if (former) world.sessions.delete(former.id);
  runner.version = version;
  runner.os = text(body['os']) || 'unknown';
  const id = randomUUID();
  world.sessions.set(id, { id, runner, version, lastPoll: Date.now(), check: null, updateSent: null });
  settle(world);
  return ok({ sessionId: id });
}

function close(world: World, id: string): Answer {
  world.sessions.get(id)?.check?.();
  world.sessions.delete(id);
  return ok();
}

function jobMessage(world: World, request: JobRequest): Answer {
  const { job } = request;
  const token = `ghs_${randomBytes(18).toString('hex')}`;
  world.issued("job's token", token);
  request.delivered = true;
  request.lastRenew = Date.now();
  return ok({
    type: 'job',
    requestId: request.id,
    jobId: job.guid,
    jobDisplayName: job.name,
    repository: fullName(job.run.repository),
    runId: job.run.id,
    runAttempt: job.attempt,
    workflow: job.run.workflow,
    script: job.script,
    sleepMs: job.sleepMs,
    result: job.result,
    serverUrl: world.base,
    apiUrl: world.api(''),
    token,
  });
}

/** More than five minutes off, the service does not accept what an agent signs. */
const clockTolerance = 300_000;

/** What a session has to hear now; null: nothing. */
function messageFor(world: World, session: Session): Answer | null {
  const { runner, version } = session;
  if (Math.abs(world.clockOffset) > clockTolerance) return { status: 401, body: {} };
  if (runner.request) return runner.request.delivered ? null : jobMessage(world, runner.request);
  if (runner.deleted) return gone;
  if (isRefused(world, version)) return deprecated(version);
  const { updateTo } = world;
  if (updateTo !== null && updateTo !== version && session.updateSent !== updateTo) {
    session.updateSent = updateTo;
    return ok({ type: 'update', version: updateTo });
  }
  return null;
}

/** Answers at once if there is something to hear, else when there is or after `wait` ms; `left` ends it early. */
async function poll(world: World, session: Session, wait: number, left: AbortSignal): Promise<Answer> {
  session.lastPoll = Date.now();
  settle(world);
  const now = messageFor(world, session);
  if (now) return now;
  const answer = await new Promise<Answer>((resolve) => {
    const end = (answer: Answer) => {
      clearTimeout(timer);
      session.check = null;
      session.lastPoll = Date.now();
      resolve(answer);
    };
    const timer = setTimeout(() => end({ status: 202, body: {} }), wait);
    left.addEventListener('abort', () => end({ status: 202, body: {} }), { once: true });
    session.check = () => {
      const heard = world.sessions.has(session.id) ? messageFor(world, session) : gone;
      if (heard) end(heard);
    };
  });
  return answer;
}

function renew(world: World, request: JobRequest): Answer {
  request.lastRenew = Date.now();
  countStart(world, request);
  return ok(request.cancel ? { cancel: true } : {});
}

/** A worker has begun this job: tests see by it that no job is run twice. */
function countStart(world: World, request: JobRequest): void {
  if (request.started) return;
  request.started = true;
  world.jobRuns.set(request.job.id, (world.jobRuns.get(request.job.id) ?? 0) + 1);
}

function complete(world: World, request: JobRequest, body: Body): Answer {
  countStart(world, request);
  finish(world, request, conclusionOf(text(body['result']) as AgentResult, request.cancel));
  settle(world);
  return ok();
}

export interface AgentCall {
  readonly method: string;
  /** After /_agent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly bearer: string;
  readonly body: Body;
  /** Aborted when the agent has gone away. */
  readonly left: AbortSignal;
}

const longestPoll = 50_000;

/** Only what opens a session must prove itself; later calls may. */
const owns = (runner: RunnerRow, bearer: string): boolean => bearer === '' || runner.clientId === bearer;

function session(world: World, call: AgentCall, id: string, rest: string): Answer | Promise<Answer> {
  const found = world.sessions.get(id);
  if (!found || !owns(found.runner, call.bearer)) return gone;
  if (call.method === 'DELETE') return close(world, id);
  if (rest !== '/message') return gone;
  const wait = Number(call.query.get('wait') ?? longestPoll);
  return poll(world, found, Math.min(wait, longestPoll), call.left);
}

export function agent(world: World, call: AgentCall): Answer | Promise<Answer> {
  const { method, path } = call;
  if (path === '/token') return ok({ access_token: call.bearer, token_type: 'bearer' });
  if (method === 'POST' && path === '/sessions') return open(world, call.bearer, call.body);
  const [, id, rest = ''] = /^\/sessions\/([^/]+)(\/message)?$/.exec(path) ?? [];
  if (id !== undefined) return session(world, call, id, rest);
  const [, requestId, verb] = /^\/jobs\/(\d+)\/(renew|complete)$/.exec(path) ?? [];
  const request = world.requests.get(Number(requestId));
  if (!request || !owns(request.runner, call.bearer)) return gone;
  return verb === 'renew' ? renew(world, request) : complete(world, request, call.body);
}
