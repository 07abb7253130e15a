/** From the answer by which GitHub shows a queued job to the first word of the agent that was made for it. */
import { GitHubSite } from '../github/site.ts';
import { killAtExit } from '../support/at-exit.ts';
import { until } from '../support/until.ts';
import { type Figure, median, percentile } from './figure.ts';

const labels = ['self-hosted', 'linux'];

/** Milliseconds between the two. The agent's own start is in it. */
async function oneJob(site: GitHubSite): Promise<number> {
  const { github } = site;
  const from = github.requests.length;
  const [id = 0] = github.queueJob({ repository: 'ann/tools', labels });
  const jobsOfRun = `/actions/runs/${github.job(id).run.id}/jobs`;
  await until(() => github.job(id).status === 'completed', 'the job is done');
  const since = github.requests.slice(from);
  const shown = since.find((asked) => asked.path.includes(jobsOfRun) && asked.status === 200);
  const listens = since.find((asked) => asked.path === '/_agent/sessions' && asked.status === 200);
  if (shown === undefined || listens === undefined) throw new Error('The job came by itself.');
  return listens.at - shown.at;
}

/** `times` jobs, one after the other; the agent lies here. */
export async function queuedJobFigures(times: number): Promise<Figure[]> {
  // How long it takes until GitHub is asked is not measured, only waited for.
  const site = await GitHubSite.open({ env: { RUNNER_CHECK_INTERVAL: '1' } });
  killAtExit(site.home);
  try {
    const running = await site.run(['--max', '2']);
    await oneJob(site);
    const taken: number[] = [];
    for (let n = 0; n < times; n += 1) taken.push(await oneJob(site));
    await running.stop();
    const figure = (name: string, value: number, budget: Figure['budget']): Figure => ({
      name: `GitHub shows a queued job, its agent has started, ${name}`,
      unit: 'ms',
      value,
      baseline: null,
      budget,
    });
    return [
      figure('p50', median(taken), { kind: 'most', most: 2000 }),
      figure('p95', percentile(taken, 0.95), null),
    ];
  } finally {
    await site.dispose();
  }
}
