import { describe, expect, test } from 'vitest';
import {
  agentCall,
  ask,
  complete,
  get,
  github,
  online,
  poll,
  repository,
  runners,
  use,
} from './double-kit.ts';

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
      `/repos/${repository}/actions/runs/${runs.body.workflow_runs[0]!.id}/jobs?filter=latest`,
    );
    expect(jobs.body.jobs.map((job) => job.name)).toEqual(['m (1)', 'm (2)', 'm (3)']);
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
      chosen: ['acme/open'],
    });
    const agent = await online('r1', ['linux'], '/orgs/acme/actions/runners', group.id);
    github.queueJob({ repository: 'acme/secret', labels: ['linux'] });
    github.queueJob({ repository: 'acme/open', labels: ['linux'] });
    expect((await poll(agent)).status).toBe(202);
    group.allowsPublic = true;
    expect((await poll(agent)).body.repository).toBe('acme/open');
    expect((await get('/orgs/acme/actions/runner-groups')).body.total_count).toBe(2);
    const at = `/orgs/acme/actions/runner-groups/${group.id}`;
    expect((await get(`${at}/repositories`)).body.repositories[0]!.full_name).toBe('acme/open');
    expect((await get(`${at}/runners`)).body.runners[0]!.name).toBe('r1');
    expect((await get(at)).body).toMatchObject({ name: 'few', allows_public_repositories: true });
    expect(github.violations).toEqual([]);
  });

  test('go to runners of an enterprise', async () => {
    github.addUser('eve', { enterprises: ['big'] });
    use(github.addToken({ login: 'eve', scopes: ['manage_runners:enterprise'] }));
    github.addOrganization('acme', { enterprise: 'big' });
    github.addRepository('acme/secret');
    const agent = await online('r1', ['linux'], '/enterprises/big/actions/runners');
    github.queueJob({ repository: 'acme/secret', labels: ['linux'] });
    expect((await poll(agent)).body.repository).toBe('acme/secret');
    expect((await get('/enterprises/big/actions/runner-groups')).body.runner_groups[0]!.name).toBe('Default');
    expect((await get('/enterprises/other/actions/runners')).status).toBe(404);
    expect(github.violations).toEqual([]);
  });
});
