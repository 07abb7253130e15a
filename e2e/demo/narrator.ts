/** Tells what happens at the double and what the program says, a sentence a line. */
import type { QueuedJob } from '../support/github/control.ts';
import type { GitHubDouble } from '../support/github/double.ts';
import type { Job } from '../support/github/model.ts';
import { fullName } from '../support/github/model.ts';
import type { Running } from '../support/product.ts';
import { until } from '../support/until.ts';

const everyMs = 100;
const doneWithinMs = 90_000;
const labels = ['self-hosted', 'linux'];

export class Narrator {
  readonly #github: GitHubDouble;
  readonly #told = new Map<number, Job['status']>();
  readonly #watching: NodeJS.Timeout;
  readonly #began = performance.now();

  constructor(github: GitHubDouble) {
    this.#github = github;
    this.#watching = setInterval(() => {
      this.#look();
    }, everyMs);
  }

  say(sentence: string): void {
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(1).padStart(6);
    process.stdout.write(`${seconds} s  ${sentence}\n`);
  }

  title(text: string): void {
    process.stdout.write(`\n== ${text}\n`);
  }

  /** From now on what the program says is told too. */
  hear({ child }: Running): void {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => {
        for (const line of data.toString().split('\n').filter(Boolean)) this.say(`  homerunner: ${line}`);
      });
  }

  /** Somebody pushes; the answer are the ids of the jobs. */
  queue(job: Omit<QueuedJob, 'labels'> & Partial<Pick<QueuedJob, 'labels'>>): readonly number[] {
    const ids = this.#github.queueJob({ labels, ...job });
    const what = ids.length === 1 ? 'a job waits' : `${ids.length} jobs wait`;
    this.say(`GitHub: a push to ${job.repository}: ${what} (${job.name ?? 'build'}).`);
    return ids;
  }

  async done(ids: readonly number[]): Promise<void> {
    const isDone = (id: number): boolean => this.#github.job(id).status === 'completed';
    await until(() => ids.every(isDone), 'the jobs are done', doneWithinMs);
    this.#look();
  }

  /** How many runners GitHub has. */
  registered(): number {
    return this.#github.runners().length;
  }

  sum(): void {
    const jobs = this.#github.jobs();
    const count = (conclusion: string): number => jobs.filter((job) => job.conclusion === conclusion).length;
    this.say(
      `Of ${jobs.length} jobs ${count('success')} succeeded, ${count('failure')} failed as its workflow wanted, and ${count('cancelled')} was cancelled.`,
    );
    const twice = [...this.#github.jobRuns.values()].filter((times) => times > 1).length;
    this.say(twice === 0 ? 'No job ran twice.' : `Jobs that ran twice: ${twice}.`);
    const asked = this.#github.requests.filter(({ agent, login }) => !agent && login !== null);
    const free = asked.filter(({ status }) => status === 304).length;
    this.say(
      `GitHub was asked ${asked.length} times; ${free} of these answers were free, since nothing had changed.`,
    );
  }

  end(): void {
    this.#look();
    clearInterval(this.#watching);
  }

  #look(): void {
    for (const job of this.#github.jobs()) {
      if (this.#told.get(job.id) === job.status) continue;
      this.#told.set(job.id, job.status);
      const what = `${fullName(job.run.repository)} · ${job.name}`;
      if (job.status === 'in_progress')
        this.say(
          `GitHub: ${what} was taken by ${job.runner?.name ?? 'a runner'} after ${seconds(job.createdAt, job.startedAt)}.`,
        );
      else if (job.status === 'completed') this.say(`GitHub: ${what}: ${job.conclusion ?? ''}.`);
    }
  }
}

const seconds = (from: number, to: number | null): string => `${(((to ?? from) - from) / 1000).toFixed(1)} s`;
