/** The chapters of the demo, each a few seconds long. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelRun } from '../support/github/assignment.ts';
import type { GitHubDouble } from '../support/github/double.ts';
import type { Home, Running } from '../support/product.ts';
import { until } from '../support/until.ts';
import type { Narrator } from './narrator.ts';

export interface Stage {
  readonly github: GitHubDouble;
  readonly home: Home;
  readonly narrator: Narrator;
  running: Running;
}

interface Chapter {
  readonly title: string;
  readonly tell: (stage: Stage) => Promise<void>;
}

export const chapters: readonly Chapter[] = [
  { title: 'A push: a runner is made for the job, and gone after it', tell: onePush },
  { title: 'A matrix: as many runners at once as there is room for', tell: matrix },
  { title: 'An organisation: one runner is always ready, fresh for each job', tell: organisation },
  { title: 'A job that nobody here can take, and why', tell: whyNot },
  { title: 'A pause: what runs goes on, nothing new begins', tell: pause },
  { title: 'The program is killed in the middle of a job', tell: killed },
  { title: 'GitHub fails: it registers a runner and answers with an error', tell: badGateway },
];

async function onePush({ narrator, github }: Stage): Promise<void> {
  const jobs = narrator.queue({ repository: 'ann/notes', name: 'test', script: 'sleep 1' });
  await narrator.done(jobs);
  await until(() => github.runners('ann/notes').length === 0, 'its runner is gone');
  narrator.say('Its runner is gone from GitHub again.');
}

async function matrix({ narrator }: Stage): Promise<void> {
  const wide = narrator.queue({ repository: 'ann/weather', name: 'forecast', count: 5, script: 'sleep 2' });
  const other = narrator.queue({ repository: 'ann/garden', name: 'plan', script: 'exit 1' });
  await narrator.done([...wide, ...other]);
}

async function organisation({ narrator }: Stage): Promise<void> {
  const labels = ['self-hosted', 'company'];
  const jobs = narrator.queue({ repository: 'acme/shop', name: 'deploy', labels, script: 'sleep 1' });
  await narrator.done(jobs);
}

async function whyNot({ narrator, github, home }: Stage): Promise<void> {
  const labels = ['self-hosted', 'linux', 'gpu'];
  const [job = 0] = narrator.queue({ repository: 'ann/notes', name: 'train', labels });
  const id = `gh-${job}`;
  await until(async () => (await home.status()).waiting.some((each) => each.job === id), 'it is seen');
  const { stdout } = await home.cli(['why', id]);
  for (const line of stdout.trim().split('\n')) narrator.say(`  homerunner why ${id}: ${line}`);
  cancelRun(github.world, github.job(job).run);
}

async function pause({ narrator, github, home }: Stage): Promise<void> {
  const before = narrator.queue({ repository: 'ann/notes', name: 'long', script: 'sleep 4' });
  await until(() => github.job(before[0] ?? 0).status === 'in_progress', 'it runs');
  await home.cli(['pause', '--reason', 'a video call']);
  narrator.say('The owner has paused: homerunner pause --reason "a video call"');
  const during = narrator.queue({ repository: 'ann/garden', name: 'later' });
  await narrator.done(before);
  await home.cli(['resume']);
  narrator.say('The call is over: homerunner resume');
  await narrator.done(during);
}

async function killed(stage: Stage): Promise<void> {
  const { narrator, github, home } = stage;
  const jobs = narrator.queue({ repository: 'ann/notes', name: 'precious', script: 'sleep 5' });
  await until(() => github.job(jobs[0] ?? 0).status === 'in_progress', 'it runs');
  await stage.running.kill();
  narrator.say('kill -9: Homerunner is gone; the job goes on.');
  await sleep(1000);
  stage.running = await home.run();
  narrator.hear(stage.running);
  narrator.say('It runs again, and has taken up what it left.');
  await narrator.done(jobs);
}

async function badGateway({ narrator, github }: Stage): Promise<void> {
  github.fault({ match: /^POST .*generate-jitconfig/, do: '502-after' });
  const jobs = narrator.queue({ repository: 'ann/weather', name: 'storm' });
  await narrator.done(jobs);
}
