import { describe, expect, test } from 'vitest';
import { ask, get, github, jit, online, poll, repository, runners, use } from './double-kit.ts';

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
    use(github.addToken({ login: 'ann' }));
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
    github.addOrganization('acme', { admins: ['ann'], selfHosted: 'none' });
    github.addRepository('acme/secret');
    expect((await jit('r1', ['linux'], '/repos/acme/secret/actions/runners')).status).toBe(403);
  });

  test('are listed by their last push', async () => {
    github.addRepository('ann/later', { pushedAt: Date.now() + 5000 });
    github.addRepository('ann/earlier', { pushedAt: 1000 });
    const { body } = await get('/user/repos?sort=pushed&per_page=2');
    expect(body.map((one) => one.name)).toEqual(['later', 'tools']);
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
    expect((await get(`${at}/contents/.github/workflows`)).body[0]!.name).toBe('ci.yml');
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
