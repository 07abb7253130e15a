/** kill -9 of the supervisor while it ends a job by force: its decision is durable, and carried out by the next. */
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { agentPid, agentPids, atWork, cleared, runnerThat, Sign } from './agents.ts';
import { GitHubSite } from './site.ts';

/** An agent that was asked to end gets a minute for it; most of this test is waiting for that. */
const limitMs = 240_000;

it(
  'after its signal, and after its kill a minute later: the job has one outcome, and nothing is left',
  async () => {
    const site = await GitHubSite.open({ login: 'gh' });
    try {
      const { github, home } = site;
      await (await site.run(['--max', '1'])).stop();
      const sign = new Sign(site);
      const [job = 0] = github.queueJob({
        ...{ repository: 'ann/tools', labels: ['self-hosted'], name: 'build' },
        script: sign.script,
      });
      const first = await home.run({ env: { HOMERUNNER_CRASH_AT: 'after-signal' } });
      await atWork(site, job);
      await runnerThat(site, (r) => r.job?.id === `gh-${job}`, 'works on it');
      await sign.begun();
      // It hangs: it does not hear that it is to end.
      const listener = await agentPid(site, 'Runner.Listener');
      process.kill(listener, 'SIGSTOP');
      const stopping = home.cli(['stop', '--now']);
      await until(() => !first.alive, 'it dies after the signal');
      expect(first.child.signalCode).toBe('SIGKILL');
      await stopping;
      const signalledAt = Date.now();
      expect(agentPids(site, 'Runner.Listener')).toEqual([listener]);

      const second = await home.run({ env: { HOMERUNNER_CRASH_AT: 'after-kill' } });
      await runnerThat(
        site,
        (r) => r.phase === 'draining' && r.job?.id === `gh-${job}`,
        'is still being ended',
      );
      await until(() => !second.alive, 'it dies after the kill', limitMs);
      expect(second.child.signalCode).toBe('SIGKILL');
      expect(Date.now() - signalledAt).toBeGreaterThan(50_000);
      await until(() => agentPids(site, 'Runner.Listener').length === 0, 'the agent is dead');

      const last = await home.run();
      const [ended] = await site.ended(1);
      expect(ended).toMatchObject({ id: `gh-${job}`, state: 'lost' });
      expect(github.jobRuns.get(job)).toBe(1);
      await cleared(site);
      expect(await home.jobs()).toHaveLength(1);
      expect((await last.stop()).code).toBe(0);
      expect(github.violations).toEqual([]);
    } finally {
      await site.dispose();
    }
  },
  limitMs,
);
