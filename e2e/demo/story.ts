/** What happens: each chapter is a sentence and what it tells of; then more of the same until it is enough. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelRun } from '../support/github/assignment.ts';
import type { QueuedJob } from '../support/github/control.ts';
import type { GitHubDouble } from '../support/github/double.ts';
import type { Product } from './product.ts';

const lookEveryMs = 12_000;
const labels = ['self-hosted', 'linux'];
const work = (seconds: number): string => `echo "Working for $GITHUB_REPOSITORY."; sleep ${seconds}`;

export async function storyOf(
  github: GitHubDouble,
  product: Product,
  say: (sentence: string) => void,
  end: AbortSignal,
): Promise<void> {
  const wait = async (ms: number): Promise<void> => {
    await sleep(ms, null, { signal: end });
  };
  const push = (
    sentence: string,
    job: Omit<QueuedJob, 'labels'> & { readonly labels?: readonly string[] },
  ) => {
    say(`\nAt GitHub: ${sentence}`);
    return github.queueJob({ labels, ...job });
  };
  /** Until these jobs have ended, and at most for so long. */
  const done = async (ids: readonly number[], limitMs = 40_000): Promise<void> => {
    for (const late = performance.now() + limitMs; performance.now() < late; await wait(200))
      if (ids.every((id) => github.job(id).status === 'completed')) return;
  };

  await done(
    push('ann pushes to website, and one job waits. The agent has to be downloaded first.', {
      ...{ repository: 'ann/website', name: 'build', script: work(2) },
    }),
  );
  const matrix = push('a matrix of four jobs in tools. All that fit start at once.', {
    ...{ repository: 'ann/tools', name: 'test', script: work(4), count: 4 },
  });
  while (!matrix.some((id) => github.job(id).runner)) await wait(200);
  await wait(1500);
  await product.show('status');
  await done(matrix);
  await done(
    push('acme releases its shop: a runner was kept ready for it.', {
      ...{ repository: 'acme/shop', name: 'release', script: work(2) },
    }),
  );
  await done(
    push('a job in notes that fails.', {
      ...{ repository: 'ann/notes', name: 'spelling', script: 'echo "One word is wrong."; exit 1' },
    }),
  );
  const [odd = 0] = push('a job in tools that wants a label which nobody here has.', {
    ...{ repository: 'ann/tools', name: 'train', labels: ['self-hosted', 'mainframe'] },
  });
  await wait(8000);
  await product.show('why', `gh-${odd}`);
  cancelRun(github.world, github.job(odd).run);
  say('\nGitHub goes down for ten seconds while a job waits. Unknown is not nothing: what runs goes on.');
  github.fault({ match: /^\w+ \/(?!_agent)/, do: '502', times: 1000 });
  const outage = push('ann pushes to website all the same.', {
    ...{ repository: 'ann/website', name: 'deploy', script: work(1) },
  });
  await wait(10_000);
  github.faults.clear();
  await done(outage);
  await product.show('job', 'list');
  say('\nNow it goes on by itself until Ctrl-C.');
  await onAndOn(github, product, push, wait);
}

async function onAndOn(
  github: GitHubDouble,
  product: Product,
  push: (sentence: string, job: Omit<QueuedJob, 'labels'>) => unknown,
  wait: (ms: number) => Promise<void>,
): Promise<never> {
  const names = ['ann/website', 'ann/tools', 'ann/notes', 'acme/shop'];
  for (let n = 1; ; n += 1) {
    const repository = names[Math.floor(Math.random() * names.length)] ?? 'ann/tools';
    const count = 1 + Math.floor(Math.random() * 3);
    const jobs = count === 1 ? 'one job' : `${count} jobs`;
    push(`${jobs} in ${repository}.`, {
      repository,
      name: `job ${n}`,
      script: work(1 + Math.random() * 5),
      count,
    });
    await wait(lookEveryMs);
    await product.show('runner', 'list');
    github.requests.splice(0);
  }
}
