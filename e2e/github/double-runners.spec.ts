import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  agentCall,
  ask,
  complete,
  connect,
  get,
  github,
  identity,
  jit,
  online,
  poll,
  repository,
  runners,
  type Given,
} from './double-kit.ts';

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
    const names = (given: Given) => given.body.labels.map((label) => label.name);
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
    expect(made.body.runner.labels.map((label) => label.type)).toEqual(['read-only', 'custom']);
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

  test('are told of updates once, and get jobs then', async () => {
    const agent = await online('r1');
    github.updateAgents('2.337.0');
    expect((await poll(agent)).body).toEqual({ type: 'update', version: '2.337.0' });
    expect((await poll(agent)).status).toBe(202);
    github.queueJob({ repository, labels: ['linux'], script: 'true' });
    expect(github.jobs()[0]?.status).toBe('in_progress');
    await complete(agent, (await poll(agent)).body.requestId);
  });

  test('that run what they must update to get jobs without being told', async () => {
    github.updateAgents('2.336.0');
    const agent = await online('r1');
    github.queueJob({ repository, labels: ['linux'] });
    expect((await poll(agent)).body.type).toBe('job');
  });

  test('are told of deprecation and of a clock that is off', async () => {
    const agent = await online('r1');
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
    const application = (await get(`${runners}/downloads`)).body[0]!;
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
    expect([release.body.tag_name, release.body.assets[0]!.name]).toEqual(['v2.336.0', filename]);
    expect(github.violations).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
