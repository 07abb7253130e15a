/** The agents of a home as the system sees them, and jobs that wait for a sign. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunnerView } from '../../src-main/contract/snapshot.ts';
import { marked } from '../support/processes.ts';
import { until } from '../support/until.ts';
import type { GitHubSite } from './site.ts';

/** What a job of the double runs: it waits until `open` is called. */
export class Sign {
  readonly #file: string;

  constructor(site: GitHubSite, name = 'sign') {
    this.#file = path.join(site.home.path, name);
  }

  get script(): string {
    return `touch '${this.#file}.begun'; while [ ! -e '${this.#file}' ]; do sleep 0.05; done`;
  }

  /** Waits until a job with this script has really begun: GitHub counts it from when it was handed over. */
  begun(): Promise<unknown> {
    return until(() => existsSync(`${this.#file}.begun`), 'the script of the job runs');
  }

  open(): void {
    writeFileSync(this.#file, '');
  }
}

/** Processes of the program `name` of the agents in this home. */
export function agentPids(site: GitHubSite, name: 'Runner.Listener' | 'Runner.Worker'): number[] {
  const program = path.join('bin', name);
  const pids = marked(site.home.path)
    .filter(({ command }) => command.split(' ')[1]?.endsWith(program) === true)
    .map(({ pid }) => pid);
  // What it starts has its command line for a moment.
  return pids.filter((pid) => !pids.includes(parentOf(pid)));
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

/** The one process of this program, once it is there. */
export function agentPid(site: GitHubSite, name: 'Runner.Listener' | 'Runner.Worker'): Promise<number> {
  return until(() => agentPids(site, name)[0], `there is a ${name}`);
}

/** Waits until a job of GitHub is at work by GitHub's own account. */
export function atWork(site: GitHubSite, job: number): Promise<unknown> {
  return until(() => site.github.jobRuns.get(job) !== undefined, `job ${job} is at work`);
}

/** The one runner of the home, once it is as wished. */
export async function runnerThat(
  site: GitHubSite,
  is: (runner: RunnerView) => boolean,
  what: string,
  limitMs?: number,
): Promise<RunnerView> {
  const snapshot = await site.once((s) => s.runners.some(is), `a runner ${what}`, limitMs);
  const found = snapshot.runners.find(is);
  if (found === undefined) throw new Error(`there is no runner that ${what}`);
  return found;
}

/** What is left of runners, here and at GitHub, in sentences; `others` are known to be there. */
export function leftOf(site: GitHubSite, others: readonly string[] = []): string[] {
  const folder = path.join(site.home.path, 'runners');
  return [
    ...(existsSync(folder) ? readdirSync(folder) : []).map((name) => `The folder runners/${name} is left.`),
    ...marked(site.home.path).map(({ pid, command }) => `Process ${pid} is left: ${command}`),
    ...site.github
      .runners()
      .filter(({ name }) => !others.includes(name))
      .map(({ name, scope }) => `The runner ${name} is left at ${scope}.`),
  ];
}

/** Nothing is left of any runner, or it is said what. */
export async function cleared(site: GitHubSite, others: readonly string[] = []): Promise<void> {
  await until(() => leftOf(site, others).length === 0, 'nothing is left', 20_000).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${leftOf(site, others).join('\n')}`);
  });
}
