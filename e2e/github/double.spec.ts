import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGitHubDouble, type GitHubDouble } from '../support/github/double.ts';

const repository = 'ann/tools';
const runners = `/repos/${repository}/actions/runners`;

let github: GitHubDouble;
let token: string;

beforeEach(async () => {
  github = await startGitHubDouble({
    waits: { online: 200, pickup: 200, lost: 300, deviceInterval: 20, deviceCode: 500 },
  });
  github.addUser('ann');
  github.addRepository(repository);
  token = github.addToken({ login: 'ann', scopes: ['repo', 'admin:org', 'manage_runners:enterprise'] });
});

afterEach(async () => {
  await github.close();
});

interface Given {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

async function ask(
  method: string,
  route: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Given> {
  const response = await fetch(route.startsWith('http') ? route : github.apiUrl + route, {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'test', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const get = (route: string, headers?: Record<string, string>) => ask('GET', route, undefined, headers);

const jit = (name: string, labels = ['linux'], at = runners, group = 1) =>
  ask('POST', `${at}/generate-jitconfig`, { name, runner_group_id: group, labels });

interface Agent {
  readonly id: number;
  readonly client: string;
  readonly session: string;
}

const agentCall = (method: string, route: string, client: string, body?: object) =>
  ask(method, `${github.url}/_agent${route}`, body, { authorization: `Bearer ${client}` });

function identity(configuration: string): { readonly id: number; readonly client: string } {
  const files = JSON.parse(Buffer.from(configuration, 'base64').toString()) as Record<string, string>;
  const file = (name: string) => JSON.parse(Buffer.from(files[name]!, 'base64').toString());
  return { id: file('.runner').AgentId, client: file('.credentials').data.clientId };
}

async function connect(id: number, client: string, version = '2.336.0'): Promise<Given> {
  const body = { agentId: id, agentName: 'x', version, os: 'Linux', arch: 'X64' };
  return agentCall('POST', '/sessions', client, body);
}

async function online(name: string, labels?: string[], at?: string, group?: number): Promise<Agent> {
  const { body } = await jit(name, labels, at, group);
  const who = identity(body.encoded_jit_config);
  const { body: opened } = await connect(who.id, who.client);
  return { ...who, session: opened.sessionId };
}

const poll = (agent: Agent, wait = 0) =>
  agentCall('GET', `/sessions/${agent.session}/message?wait=${wait}`, agent.client);
const complete = (agent: Agent, request: number, result = 'Succeeded') =>
  agentCall('POST', `/jobs/${request}/complete`, agent.client, { result });

describe('runners', () => {
  test('a just-in-time runner is offline and of no system until it connects', async () => {
    const made = await jit('r1', ['linux', 'x64']);
    expect(made.status).toBe(201);
    expect(made.body.runner).toMatchObject({
      name: 'r1',
      os: 'unknown',
      status: 'offline',
      busy: false,
      version: null,
    });
    const { id, client } = identity(made.body.encoded_jit_config);
    await connect(id, client);
    const shown = await get(`${runners}/${id}`);
    expect(shown.body).toMatchObject({ os: 'Linux', status: 'online', version: '2.336.0', ephemeral: true });
    expect(github.violations).toEqual([]);
  });

  test('a taken name is refused, a wrong group too, and a runner is found by its name', async () => {
    await jit('r1');
    const again = await jit('R1');
    expect([again.status, again.body.message]).toEqual([
      409,
      'Already exists - A runner with the name R1 already exists.',
    ]);
    expect((await jit('r2', ['a'], runners, 7)).status).toBe(422);
    const found = await get(`${runners}?name=r1`);
    expect(found.body.total_count).toBe(1);
    expect((await get(`${runners}?name=r3`)).body.runners).toEqual([]);
  });

  test('labels are added, replaced and removed', async () => {
    const { body } = await jit('r1', ['a']);
    const at = `${runners}/${body.runner.id}/labels`;
    const names = (given: Given) => given.body.labels.map((label: { name: string }) => label.name);
    expect(names(await ask('POST', at, { labels: ['b'] }))).toEqual(['a', 'b']);
    expect(names(await ask('DELETE', `${at}/a`))).toEqual(['b']);
    expect((await ask('DELETE', `${at}/a`)).status).toBe(404);
    expect(names(await ask('PUT', at, { labels: ['c'] }))).toEqual(['c']);
    expect(names(await ask('DELETE', at))).toEqual([]);
    expect(names(await get(at))).toEqual([]);
    expect(github.violations).toEqual([]);
  });

  test('a list comes in pages with links, and may hold duplicates', async () => {
    for (const name of ['a', 'b', 'c']) await jit(name);
    const first = await get(`${runners}?per_page=2`);
    expect(first.body.runners).toHaveLength(2);
    expect(first.headers.get('link')).toContain('page=2>; rel="next"');
    const last = await get(`${runners}?per_page=2&page=2`);
    expect(last.headers.get('link')).not.toContain('rel="next"');
    github.world.duplicates = true;
    expect((await get(`${runners}?per_page=2&page=2`)).body.runners).toHaveLength(2);
  });

  test('foreign runners show as they were planted, and get no job', async () => {
    github.plantRunner({ scope: repository, name: 'other', labels: ['linux'], status: 'online' });
    const [id] = github.queueJob({ repository, labels: ['linux'] });
    const { body } = await get(runners);
    expect(body.runners[0]).toMatchObject({ name: 'other', status: 'online', busy: false });
    expect(github.job(id!).status).toBe('queued');
  });

  test('classic registration takes a token of the API, refuses a taken name, and removal takes another token', async () => {
    const register = (secret: string, more: object = {}) =>
      ask(
        'POST',
        `${github.url}/actions/runner-registration`,
        {
          url: `${github.url}/${repository}`,
          runner_event: 'register',
          name: 'c',
          labels: ['self-hosted', 'x'],
          ...more,
        },
        { authorization: `RemoteAuth ${secret}` },
      );
    expect((await register('wrong')).status).toBe(404);
    const { body } = await ask('POST', `${runners}/registration-token`);
    const made = await register(body.token);
    expect(made.body.runner.labels.map((label: { type: string }) => label.type)).toEqual([
      'read-only',
      'custom',
    ]);
    expect((await register(body.token)).status).toBe(409);
    expect((await register(body.token, { replace: true })).status).toBe(200);
    github.world.clockOffset = 3_700_000;
    expect((await register(body.token, { name: 'd' })).status).toBe(404);
    github.world.clockOffset = 0;
    const { body: removing } = await ask('POST', `${runners}/remove-token`);
    const gone = await register(removing.token, { runner_event: 'remove', agentId: github.runners()[0]!.id });
    expect([gone.status, github.runners()]).toEqual([200, []]);
  });
});

describe('jobs', () => {
  test('go to one online idle runner that has their labels, whatever their case', async () => {
    const agent = await online('r1', ['Linux', 'GPU']);
    const [job] = github.queueJob({ repository, labels: ['gpu', 'linux'], name: 'test', script: 'true' });
    const heard = await poll(agent);
    expect(heard.body).toMatchObject({
      type: 'job',
      jobDisplayName: 'test',
      repository,
      script: 'true',
      result: null,
    });
    expect((await get(`${runners}/${agent.id}`)).body.busy).toBe(true);
    expect((await get(`/repos/${repository}/actions/jobs/${job!}`)).body).toMatchObject({
      status: 'in_progress',
      runner_name: 'r1',
    });
    await agentCall('POST', `/jobs/${heard.body.requestId}/renew`, agent.client);
    expect((await complete(agent, heard.body.requestId)).status).toBe(200);
    expect(github.job(job!).conclusion).toBe('success');
    expect(github.jobRuns.get(job!)).toBe(1);
    expect((await get(`${runners}/${agent.id}`)).status).toBe(404);
    expect((await poll(agent)).status).toBe(404);
    expect(github.violations).toEqual([]);
  });

  test('wait for a runner that polls, and are handed over at once', async () => {
    const agent = await online('r1');
    const waiting = poll(agent, 5000);
    await expect.poll(() => github.world.sessionOf(github.runners()[0]!)?.check).not.toBeNull();
    github.queueJob({ repository, labels: ['linux'] });
    expect((await waiting).body.type).toBe('job');
  });

  test('do not go to a runner without one of their labels, nor to one of another repository', async () => {
    github.addRepository('ann/other');
    const agent = await online('r1', ['linux']);
    github.queueJob({ repository, labels: ['linux', 'gpu'] });
    github.queueJob({ repository: 'ann/other', labels: ['linux'] });
    expect((await poll(agent, 20)).status).toBe(202);
  });

  test('of a matrix lie in one run, which is listed by its state', async () => {
    github.queueJob({ repository, labels: ['linux'], name: 'm', count: 3 });
    const runs = await get(`/repos/${repository}/actions/runs?status=queued`);
    expect(runs.body.total_count).toBe(1);
    const jobs = await get(
      `/repos/${repository}/actions/runs/${runs.body.workflow_runs[0].id}/jobs?filter=latest`,
    );
    expect(jobs.body.jobs.map((job: { name: string }) => job.name)).toEqual(['m (1)', 'm (2)', 'm (3)']);
    const agent = await online('r1');
    await poll(agent);
    expect((await get(`/repos/${repository}/actions/runs?status=queued`)).body.total_count).toBe(0);
    expect((await get(`/repos/${repository}/actions/runs?status=in_progress`)).body.total_count).toBe(1);
    expect(github.violations).toEqual([]);
  });

  test('are cancelled: the waiting ones at once, the others by their worker; and run again once the run is over', async () => {
    const agent = await online('r1');
    const [running, waiting] = github.queueJob({ repository, labels: ['linux'], count: 2 });
    const { requestId, runId } = (await poll(agent)).body;
    const cancel = () => ask('POST', `/repos/${repository}/actions/runs/${runId}/cancel`);
    const rerun = () => ask('POST', `/repos/${repository}/actions/jobs/${waiting!}/rerun`);
    expect((await cancel()).status).toBe(202);
    expect(github.job(waiting!).conclusion).toBe('cancelled');
    expect((await agentCall('POST', `/jobs/${requestId}/renew`, agent.client)).body).toEqual({
      cancel: true,
    });
    expect((await rerun()).status).toBe(403);
    await complete(agent, requestId, 'Canceled');
    expect(github.job(running!).conclusion).toBe('cancelled');
    expect((await cancel()).status).toBe(409);
    expect((await rerun()).status).toBe(201);
    expect((await get(`/repos/${repository}/actions/runs/${runId}`)).body).toMatchObject({ run_attempt: 2 });
    expect(github.jobs().filter((job) => job.status === 'queued')).toHaveLength(1);
    expect(github.violations).toEqual([]);
  });

  test('broken off by their own runner have failed', async () => {
    const agent = await online('r1');
    const [job] = github.queueJob({ repository, labels: ['linux'] });
    await complete(agent, (await poll(agent)).body.requestId, 'Canceled');
    expect(github.job(job!).conclusion).toBe('failure');
  });

  test('that nobody picks up wait again; whose worker falls silent have failed, and the row is busy until then', async () => {
    await online('dead');
    const [job] = github.queueJob({ repository, labels: ['linux'] });
    expect(github.job(job!).status).toBe('in_progress');
    await expect.poll(() => github.job(job!).status).toBe('queued');
    const agent = await online('r2');
    await poll(agent);
    expect((await ask('DELETE', `${runners}/${agent.id}`)).status).toBe(422);
    await expect.poll(() => github.job(job!).conclusion).toBe('failure');
    expect((await get(`${runners}/${agent.id}`)).status).toBe(404);
  });

  test('go to runners of an organisation only where its group serves the repository', async () => {
    github.addOrganization('acme', { admins: ['ann'] });
    github.addRepository('acme/secret');
    github.addRepository('acme/open', { private: false });
    const group = github.addGroup('acme', {
      name: 'few',
      visibility: 'selected',
      repositories: ['acme/open'],
    });
    const agent = await online('r1', ['linux'], '/orgs/acme/actions/runners', group.id);
    github.queueJob({ repository: 'acme/secret', labels: ['linux'] });
    github.queueJob({ repository: 'acme/open', labels: ['linux'] });
    expect((await poll(agent)).status).toBe(202);
    group.allowsPublic = true;
    expect((await poll(agent)).body.repository).toBe('acme/open');
    expect((await get('/orgs/acme/actions/runner-groups')).body.total_count).toBe(2);
    const at = `/orgs/acme/actions/runner-groups/${group.id}`;
    expect((await get(`${at}/repositories`)).body.repositories[0].full_name).toBe('acme/open');
    expect((await get(`${at}/runners`)).body.runners[0].name).toBe('r1');
    expect((await get(at)).body).toMatchObject({ name: 'few', allows_public_repositories: true });
    expect(github.violations).toEqual([]);
  });

  test('go to runners of an enterprise', async () => {
    github.addUser('eve', { enterprises: ['big'] });
    token = github.addToken({ login: 'eve', scopes: ['manage_runners:enterprise'] });
    github.addOrganization('acme', { enterprise: 'big' });
    github.addRepository('acme/secret');
    const agent = await online('r1', ['linux'], '/enterprises/big/actions/runners');
    github.queueJob({ repository: 'acme/secret', labels: ['linux'] });
    expect((await poll(agent)).body.repository).toBe('acme/secret');
    expect((await get('/enterprises/big/actions/runner-groups')).body.runner_groups[0].name).toBe('Default');
    expect((await get('/enterprises/other/actions/runners')).status).toBe(404);
    expect(github.violations).toEqual([]);
  });
});

describe('deleting a runner', () => {
  test('is done while it is idle: its agent hears of it and it never gets a job', async () => {
    const agent = await online('r1');
    expect((await ask('DELETE', `${runners}/${agent.id}`)).status).toBe(204);
    github.queueJob({ repository, labels: ['linux'] });
    expect((await poll(agent)).status).toBe(404);
    expect((await ask('DELETE', `${runners}/${agent.id}`)).status).toBe(404);
  });

  test('is refused while it is busy', async () => {
    const agent = await online('r1');
    github.queueJob({ repository, labels: ['linux'] });
    const refused = await ask('DELETE', `${runners}/${agent.id}`);
    expect([refused.status, refused.body.message]).toEqual([
      422,
      'Bad request - Runner "r1" is still running a job"',
    ]);
  });

  test.each(['refused', 'raced'] as const)(
    'may meet a job that is handed over in that moment: %s',
    async (kind) => {
      const agent = await online('r1', ['linux']);
      github.world.updateTo = '9.9.9';
      const [job] = github.queueJob({ repository, labels: ['linux'] });
      expect(github.job(job!).status).toBe('queued');
      github.world.lateHandover = { do: kind, times: 1 };
      expect((await ask('DELETE', `${runners}/${agent.id}`)).status).toBe(kind === 'raced' ? 204 : 422);
      const heard = await poll(agent);
      expect(heard.body.type).toBe('job');
      await complete(agent, heard.body.requestId);
      expect([github.job(job!).conclusion, github.jobRuns.get(job!), github.runners()]).toEqual([
        'success',
        1,
        [],
      ]);
    },
  );
});

describe('agents', () => {
  test('of one identity have one session; the next can open one once the first is silent', async () => {
    const agent = await online('r1');
    expect((await connect(agent.id, agent.client)).status).toBe(409);
    await expect.poll(async () => (await connect(agent.id, agent.client)).status, { interval: 50 }).toBe(200);
    expect((await connect(agent.id, 'other')).status).toBe(404);
  });

  test('show offline once they are silent, and can leave', async () => {
    const agent = await online('r1');
    const status = async () => (await get(`${runners}/${agent.id}`)).body.status;
    expect(await status()).toBe('online');
    await expect.poll(status, { interval: 50 }).toBe('offline');
    expect((await poll(agent)).status).toBe(202);
    expect(await status()).toBe('online');
    await agentCall('DELETE', `/sessions/${agent.session}`, agent.client);
    expect(await status()).toBe('offline');
  });

  test('are told of updates once, of deprecation and of a clock that is off', async () => {
    const agent = await online('r1');
    github.updateAgents('2.337.0');
    expect((await poll(agent)).body).toEqual({ type: 'update', version: '2.337.0' });
    expect((await poll(agent)).status).toBe(202);
    github.deprecateBelow('2.336.1');
    expect((await poll(agent)).body.message).toBe(
      'Runner version v2.336.0 is deprecated and cannot receive messages.',
    );
    github.deprecateBelow('2.336.0');
    github.world.clockOffset = 3_600_000;
    expect((await poll(agent)).status).toBe(401);
    github.world.clockOffset = 0;
    github.deprecateBelow('3.0.0', 'session');
    const { body } = await jit('r2');
    const { id, client } = identity(body.encoded_jit_config);
    expect((await connect(id, client)).status).toBe(403);
  });

  test('may be shown busy or idle against the truth', async () => {
    const agent = await online('r1');
    github.world.lyingBusy = (_name, busy) => !busy;
    expect((await get(`${runners}/${agent.id}`)).body.busy).toBe(true);
  });

  test('archives are served from where the download redirects to, in parts, and may break off', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'double-'));
    const file = path.join(folder, 'agent.tar.gz');
    const bytes = Buffer.alloc(100_000, 'agent');
    writeFileSync(file, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const filename = 'actions-runner-linux-x64-2.336.0.tar.gz';
    github.addAgentVersion({ version: '2.336.0', os: 'linux', architecture: 'x64', file, filename, sha256 });
    const [application] = (await get(`${runners}/downloads`)).body;
    expect(application).toMatchObject({
      os: 'linux',
      architecture: 'x64',
      filename,
      sha256_checksum: sha256,
    });
    const load = (headers: Record<string, string> = {}) => fetch(application.download_url, { headers });
    expect(Buffer.from(await (await load()).arrayBuffer()).equals(bytes)).toBe(true);
    const part = await load({ range: 'bytes=99990-' });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    expect((await load({ range: 'bytes=100000-' })).status).toBe(416);
    github.cut = { after: 20_000, times: 1 };
    await expect(load().then((response) => response.arrayBuffer())).rejects.toThrow();
    const release = await get('/repos/actions/runner/releases/latest');
    expect([release.body.tag_name, release.body.assets[0].name]).toEqual(['v2.336.0', filename]);
    expect(github.violations).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('who asks', () => {
  test('an unknown, revoked or expired token is refused', async () => {
    const short = github.addToken({ login: 'ann', expiresAt: Date.now() + 60_000 });
    token = short;
    const good = await get('/user');
    expect(good.body.login).toBe('ann');
    expect(good.headers.get('github-authentication-token-expiration')).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/,
    );
    github.world.clockOffset = 120_000;
    expect((await get('/user')).body.message).toBe('Bad credentials');
    github.world.clockOffset = 0;
    github.revokeToken(short);
    expect((await get('/user')).status).toBe(401);
  });

  test('a private repository does not exist for those who cannot see it', async () => {
    github.addUser('bob');
    token = github.addToken({ login: 'bob' });
    expect((await get(`/repos/${repository}`)).status).toBe(404);
    github.makePublic(repository);
    expect((await get(`/repos/${repository}`)).body).toMatchObject({
      private: false,
      permissions: { admin: false },
    });
    const refused = await get(runners);
    expect([refused.status, refused.body.message]).toEqual([403, 'Must have admin rights to Repository.']);
  });

  test('a classic token shows its scopes and needs repo', async () => {
    expect((await get('/user')).headers.get('x-oauth-scopes')).toContain('repo');
    token = github.addToken({ login: 'ann', scopes: [] });
    expect((await get(runners)).status).toBe(404);
  });

  test('a fine-grained token is told which permission it lacks', async () => {
    token = github.addToken({ login: 'ann', kind: 'fine-grained', permissions: { administration: 'read' } });
    expect((await get(runners)).status).toBe(200);
    const refused = await jit('r1');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('administration=write');
  });

  test('single sign-on guards an organisation and hides it from lists', async () => {
    github.addOrganization('acme', { admins: ['ann'], sso: true });
    github.addRepository('acme/secret');
    const refused = await get('/orgs/acme/actions/runners');
    expect(refused.headers.get('x-github-sso')).toMatch(/^required; url=/);
    const own = await get('/user/repos?sort=pushed&per_page=100');
    expect(own.body.map((one: { full_name: string }) => one.full_name)).toEqual([repository]);
    expect(own.headers.get('x-github-sso')).toMatch(/^partial-results/);
    token = github.addToken({ login: 'ann', scopes: ['repo', 'admin:org'], sso: ['acme'] });
    expect((await get('/orgs/acme/actions/runners')).status).toBe(200);
    expect((await get('/orgs/acme/repos')).body).toHaveLength(1);
    expect((await get('/user/orgs')).body[0].login).toBe('acme');
    expect(github.violations).toEqual([]);
  });

  test('an app proves itself and gets tokens for its installation', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const permissions = { administration: 'write' } as const;
    const app = github.addApp({
      slug: 'lender',
      owner: 'ann',
      publicKey: pem,
      installations: [{ account: 'ann', permissions }],
    });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const sign = (shift = 0) => {
      const now = Math.floor(Date.now() / 1000) + shift;
      const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: app.clientId, iat: now - 30, exp: now + 540 })}`;
      return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
    };
    token = sign(3600);
    expect((await get('/app')).body.message).toContain("'Issued at' claim");
    token = `${sign()}x`;
    expect((await get('/app')).status).toBe(401);
    token = sign();
    expect((await get('/app')).body.slug).toBe('lender');
    const installations = await get('/app/installations');
    expect(installations.body[0].account.login).toBe('ann');
    expect((await get(`/repos/${repository}/installation`)).body.id).toBe(installations.body[0].id);
    const given = await ask('POST', `/app/installations/${installations.body[0].id}/access_tokens`);
    token = given.body.token;
    expect((await jit('r1')).status).toBe(201);
    expect((await get('/installation/repositories')).body.total_count).toBe(1);
    const user = await get('/user');
    expect([user.status, user.body.message]).toEqual([403, 'Resource not accessible by integration']);
    expect((await get(`/repos/${repository}/actions/runs`)).status).toBe(403);
    expect(github.violations).toEqual([]);
  });

  test('the device flow is pending until the person answers, and asks not to be hurried', async () => {
    github.world.clients.add('client');
    const start = async () =>
      (await ask('POST', `${github.url}/login/device/code`, { client_id: 'client', scope: 'repo' })).body;
    const claim = async (code: string) =>
      (
        await ask('POST', `${github.url}/login/oauth/access_token`, {
          client_id: 'client',
          device_code: code,
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        })
      ).body;
    const code = await start();
    expect((await claim(code.device_code)).error).toBe('authorization_pending');
    expect((await claim(code.device_code)).error).toBe('slow_down');
    const denied = await start();
    github.answerDevice(denied.user_code, 'denied');
    expect((await claim(denied.device_code)).error).toBe('access_denied');
    const granted = await start();
    github.answerDevice(granted.user_code, { token });
    expect(await claim(granted.device_code)).toEqual({
      access_token: token,
      token_type: 'bearer',
      scope: 'repo',
    });
    const late = await start();
    github.world.deviceCodes.forEach((one) => Object.assign(one, { expiresAt: 0 }));
    expect((await claim(late.device_code)).error).toBe('expired_token');
    expect((await ask('POST', `${github.url}/login/device/code`, { client_id: 'other' })).status).toBe(404);
  });
});

describe('limits', () => {
  test('are told with every answer and refused when reached', async () => {
    const before = await get('/user');
    expect(before.headers.get('x-ratelimit-limit')).toBe('5000');
    github.setLimit({ remaining: 1, resetInMs: 5000 });
    expect((await get('/user')).headers.get('x-ratelimit-remaining')).toBe('0');
    const refused = await get('/user');
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect(refused.body.message).toContain('API rate limit exceeded');
    expect((await get('/rate_limit')).body.resources.core.remaining).toBe(0);
    github.limits.settings.status = 429;
    expect((await get('/user')).status).toBe(429);
  });

  test('what has not changed costs nothing, unless tags are switched off', async () => {
    const first = await get('/user');
    const tag = first.headers.get('etag')!;
    const again = await get('/user', { 'if-none-match': tag });
    expect([again.status, again.headers.get('x-ratelimit-used')]).toEqual([304, '1']);
    token = github.addToken({ login: 'ann' });
    expect((await get('/user', { 'if-none-match': tag })).status).toBe(200);
    github.etags = false;
    expect((await get('/user')).headers.get('etag')).toBeNull();
  });

  test('a secondary limit strikes by points a minute, or when a test wants it', async () => {
    github.limits.secondary = { times: 1, retryAfter: 3 };
    const refused = await get('/user');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, '3']);
    expect(refused.body.message).toContain('secondary rate limit');
    github.limits.settings.pointsPerMinute = 5;
    expect((await get('/user')).status).toBe(200);
    expect((await jit('r1')).status).toBe(403);
  });
});

describe('repositories', () => {
  test('that were renamed redirect to their id', async () => {
    github.renameRepository(repository, 'kit');
    const moved = await get(`${runners}?per_page=5`);
    expect(moved.status).toBe(301);
    const there = await get(moved.headers.get('location')!);
    expect(there.body.total_count).toBe(0);
    const posted = await jit('r1');
    expect(posted.status).toBe(307);
    expect((await get('/repos/ann/kit')).body.full_name).toBe('ann/kit');
    expect(github.violations).toEqual([]);
  });

  test('that were deleted are gone with their runners', async () => {
    await jit('r1');
    github.deleteRepository(repository);
    expect([(await get(`/repos/${repository}`)).status, github.runners()]).toEqual([404, []]);
  });

  test('that are archived or may have no runners refuse them', async () => {
    github.disableSelfHosted(repository);
    expect((await jit('r1')).status).toBe(403);
    github.changeRepository(repository, { selfHostedDisabled: false, archived: true });
    expect((await jit('r1')).body.message).toContain('archived');
  });

  test('are listed by their last push', async () => {
    github.addRepository('ann/later', { pushedAt: Date.now() + 5000 });
    github.addRepository('ann/earlier', { pushedAt: 1000 });
    const { body } = await get('/user/repos?sort=pushed&per_page=2');
    expect(body.map((one: { name: string }) => one.name)).toEqual(['later', 'tools']);
    expect((await get('/user/repos?type=all&affiliation=owner')).status).toBe(422);
  });

  test('tell their settings of Actions and their workflows', async () => {
    github.addRepository('ann/open', { private: false, workflows: { 'ci.yml': 'on: push\n' } });
    const at = '/repos/ann/open';
    expect((await get(`${at}/actions/permissions`)).body.enabled).toBe(true);
    const approval = await get(`${at}/actions/permissions/fork-pr-contributor-approval`);
    expect(approval.body.approval_policy).toBe('first_time_contributors');
    expect((await get(`/repos/${repository}/actions/permissions/access`)).body.access_level).toBe('none');
    expect(
      (await get(`/repos/${repository}/actions/permissions/fork-pr-workflows-private-repos`)).status,
    ).toBe(200);
    expect((await get(`${at}/contents/.github/workflows`)).body[0].name).toBe('ci.yml');
    const file = await get(`${at}/contents/.github/workflows/ci.yml`);
    expect(Buffer.from(file.body.content, 'base64').toString()).toBe('on: push\n');
    expect((await get(`/repos/${repository}/contents/.github/workflows`)).status).toBe(404);
    github.addOrganization('acme', { admins: ['ann'], selfHosted: 'none' });
    expect((await get('/orgs/acme/actions/permissions')).status).toBe(200);
    const hosted = await get('/orgs/acme/actions/permissions/self-hosted-runners');
    expect(hosted.body.enabled_repositories).toBe('none');
    expect((await get('/orgs/acme')).body.login).toBe('acme');
    expect((await get('/users/ann')).body.type).toBe('User');
    expect((await get('/meta')).status).toBe(200);
    expect(github.violations).toEqual([]);
  });

  test('and organisations keep variables', async () => {
    github.addOrganization('acme', { admins: ['ann'] });
    for (const at of [`/repos/${repository}/actions/variables`, '/orgs/acme/actions/variables']) {
      const visibility = at.startsWith('/orgs') ? { visibility: 'all' } : {};
      const add = () => ask('POST', at, { name: 'FRESH', value: '1', ...visibility });
      expect((await add()).status).toBe(201);
      expect((await add()).status).toBe(409);
      expect((await ask('PATCH', `${at}/FRESH`, { value: '2' })).status).toBe(204);
      expect((await get(`${at}/FRESH`)).body.value).toBe('2');
      expect((await get(at)).body.total_count).toBe(1);
    }
    expect(github.violations).toEqual([]);
  });
});

describe('the description', () => {
  test('refuses and records what it does not allow', async () => {
    expect((await ask('POST', `${runners}/generate-jitconfig`, { name: 'r1' })).status).toBe(422);
    expect((await get('/user?fields=all')).status).toBe(422);
    expect((await get('/repos/ann/tools/actions/secret-door')).status).toBe(404);
    expect((await get(`${runners}?per_page=many`)).status).toBe(422);
    expect((await ask('PUT', `${runners}/1/labels`, { labels: 'one' })).status).toBe(422);
    expect((await jit('r1', [])).status).toBe(422);
    expect(github.violations).toHaveLength(6);
    expect(github.violations[0]).toMatch(
      /^POST \/repos\/\{owner\}\/\{repo\}\/actions\/runners\/generate-jitconfig: /,
    );
  });

  test('of requests: who names no agent or an unknown version is refused', async () => {
    expect((await get('/user', { 'x-github-api-version': '1999-01-01' })).status).toBe(400);
    expect((await get('/user', { 'x-github-api-version': '2022-11-28' })).status).toBe(200);
    expect((await get('/user', { 'user-agent': '' })).status).toBe(403);
  });

  test('requests are recorded with their route, account and status', async () => {
    await get('/user');
    await poll(await online('r1'));
    expect(github.requests[0]).toMatchObject({
      method: 'GET',
      path: '/user',
      route: '/user',
      login: 'ann',
      status: 200,
    });
    expect(github.requests.filter(({ agent }) => agent)).toHaveLength(2);
  });
});

describe('faults', () => {
  test('strike as often as planned, before or after it is done', async () => {
    github.fault({ match: /^GET \/user$/, do: '500', times: 2 });
    expect([(await get('/user')).status, (await get('/user')).status, (await get('/user')).status]).toEqual([
      500, 500, 200,
    ]);
    github.fault({ match: /generate-jitconfig/, do: '502-after' });
    expect([(await jit('r1')).status, github.runners().length]).toEqual([502, 1]);
    github.fault({ match: /generate-jitconfig/, do: 'drop' });
    await expect(jit('r2')).rejects.toThrow();
    expect(github.runners()).toHaveLength(1);
    github.fault({ match: /generate-jitconfig/, do: 'drop-after' });
    await expect(jit('r2')).rejects.toThrow();
    expect(github.runners()).toHaveLength(2);
    github.fault({ match: /user/, do: 'html' });
    expect((await get('/user')).headers.get('content-type')).toContain('html');
    github.fault({ match: /user/, do: '429' });
    const slow = await get('/user');
    expect([slow.status, slow.headers.get('retry-after')]).toEqual([429, '1']);
    github.fault({ match: /user/, do: '502' });
    expect((await get('/user')).status).toBe(502);
  });

  test('a request may hang or be slow, and every answer may take its time', async () => {
    github.fault({ match: /user/, do: 'hang' });
    await expect(fetch(`${github.apiUrl}/user`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    const took = async () => {
      const start = performance.now();
      await get('/user');
      return performance.now() - start;
    };
    github.fault({ match: /user/, do: 'slow', ms: 60 });
    expect(await took()).toBeGreaterThan(50);
    github.latency = 60;
    expect(await took()).toBeGreaterThan(50);
  });

  test('the clock may be off', async () => {
    github.world.clockOffset = -3_600_000;
    const date = Date.parse((await get('/user')).headers.get('date')!);
    expect(Math.abs(Date.now() - 3_600_000 - date)).toBeLessThan(3000);
  });
});
