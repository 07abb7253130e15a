/** How runners that persist end: fenced by taking their labels, then given a minute in which a late job may still come. */
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { allow, Held } from './held.ts';
import { GitHubSite } from './site.ts';

/** The minute after the fence passes by itself; most of this test is waiting for it. */
const limitMs = 240_000;

it(
  'a drain takes no new job, lets the one at work finish, and ends the idle one a minute later',
  async () => {
    const site = await GitHubSite.open();
    try {
      const { github, home } = site;
      allow(home, 4);
      const held = new Held(site);
      const running = await site.run(['--mode', 'manual', '--min', '2', '--max', '2', '--label', 'own']);
      await site.once(
        (s) => s.runners.filter(({ phase }) => phase === 'idle').length === 2,
        'both are ready',
      );
      const [job = 0] = held.queue('long', ['own']);
      await site.once((s) => s.runners.some((runner) => runner.job?.id === `gh-${job}`), 'its job is known');
      const stop = home.cli(['stop']);
      await until(
        () => github.runners().every(({ labels }) => labels.length === 0),
        'both have lost their labels',
      );
      const fencedAt = Date.now();
      const [late = 0] = github.queueJob({ repository: 'ann/tools', labels: ['own'], script: 'true' });
      await until(() => github.runners().length === 1, 'the idle one is gone', limitMs);
      expect(Date.now() - fencedAt).toBeGreaterThan(50_000);
      expect([running.alive, held.running([job]), github.jobRuns.has(late)]).toEqual([true, 1, false]);
      held.release('long');
      expect([(await stop).code, (await running.ended()).code]).toEqual([0, 0]);
      expect(github.runners()).toEqual([]);
      expect(await home.jobs()).toMatchObject([{ id: `gh-${job}`, state: 'succeeded' }]);
      expect([github.jobRuns.get(job), github.job(late).status]).toEqual([1, 'queued']);
      expect(github.violations).toEqual([]);
    } finally {
      await site.dispose();
    }
  },
  limitMs,
);
