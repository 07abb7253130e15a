/** The double of GitHub, with an agent to download, and a home that is signed in to it. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Job } from '../../src-main/contract/job.ts';
import type { Snapshot } from '../../src-main/contract/snapshot.ts';
import { type DoubleOptions, type GitHubDouble, startGitHubDouble } from '../support/github/double.ts';
import { type AgentOptions, buildAgentArchive } from '../support/github-agent/archive.ts';
import { Home, type Running } from '../support/product.ts';
import { remove } from '../support/remove.ts';
import { until } from '../support/until.ts';

/** The version that the double offers first. */
export const firstVersion = '2.336.0';
/** Waits of agents and of the double, shortened so that a test takes seconds. */
const waits = { online: 2000, pickup: 5000, lost: 4000 };

export interface SiteOptions {
  readonly double?: DoubleOptions;
  readonly agent?: AgentOptions;
  readonly env?: Readonly<Record<string, string>>;
  /** A home that is there already and whose end is another's; a new one by default. */
  readonly home?: Home;
  /** Repositories of the person `ann`; `ann/tools` by default. */
  readonly repositories?: readonly string[];
  /** How `signIn` does it: with a token, or, so that the login outlives the supervisor, by a program `gh` of its own. */
  readonly login?: 'token' | 'gh';
}

export class GitHubSite {
  readonly github: GitHubDouble;
  readonly home: Home;
  readonly token: string;
  readonly #archives: string;
  readonly #login: 'token' | 'gh';
  #lent = false;

  private constructor(
    github: GitHubDouble,
    home: Home,
    token: string,
    archives: string,
    login: 'token' | 'gh',
  ) {
    this.github = github;
    this.home = home;
    this.token = token;
    this.#archives = archives;
    this.#login = login;
  }

  static async open(options: SiteOptions = {}): Promise<GitHubSite> {
    const github = await startGitHubDouble({ waits, ...options.double });
    github.addUser('ann');
    for (const name of options.repositories ?? ['ann/tools']) github.addRepository(name);
    const token = github.addToken({ login: 'ann', scopes: ['repo', 'read:org', 'admin:org'] });
    const archives = mkdtempSync(path.join(tmpdir(), 'hr-agents-'));
    const programs = path.join(archives, 'bin');
    mkdirSync(programs);
    const env = {
      HOMERUNNER_DOUBLE_TIME: '0.1',
      PATH: `${programs}${path.delimiter}${process.env['PATH'] ?? ''}`,
      ...options.env,
    };
    const home = options.home ?? new Home({ env });
    const site = new GitHubSite(github, home, token, archives, options.login ?? 'token');
    site.#lent = options.home !== undefined;
    if (options.login === 'gh') site.ghHas(token);
    await site.offer(firstVersion, options.agent);
    return site;
  }

  /** The program `gh` of this site has this token from now on. */
  ghHas(token: string): void {
    const gh = path.join(this.#archives, 'bin', 'gh');
    writeFileSync(gh, `#!/bin/sh\necho '${token}'\n`, { mode: 0o755 });
  }

  /** One more version of the agent to download. */
  async offer(version: string, agent: AgentOptions = {}): Promise<void> {
    const archive = await buildAgentArchive(this.#archives, version, { time: 0.1, ...agent });
    this.github.addAgentVersion({
      ...archive,
      version,
      os: 'linux',
      architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
      filename: path.basename(archive.file),
    });
  }

  /** Signs in as `ann`, without a supervisor or with one. */
  async signIn(): Promise<void> {
    const child = this.home.spawn([
      ...['account', 'add', '--forge', 'github', '--url', this.github.url],
      ...(this.#login === 'gh' ? ['--login', 'gh'] : ['--token-stdin']),
    ]);
    child.stdin?.end(this.#login === 'gh' ? '' : `${this.token}\n`);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`account add ended with ${code}`);
  }

  /** A supervisor that is signed in and has one small pool. */
  async run(pool: readonly string[] = [], scope = 'ann/tools'): Promise<Running> {
    const running = await this.home.run();
    await this.signIn();
    await this.pool(scope, pool);
    return running;
  }

  async pool(scope: string, options: readonly string[] = []): Promise<void> {
    await this.home.json([
      ...['pool', 'add', '--forge', 'github', '--scope', scope],
      ...['--cores', '0.1', '--memory', '64m', ...options],
    ]);
  }

  /** The entries of the history that have ended, once there are so many. */
  async ended(count: number, limitMs = 60_000): Promise<readonly Job[]> {
    return until(
      async () => {
        const jobs = (await this.home.jobs()).filter((job) => job.endedAt !== null);
        return jobs.length >= count ? jobs : null;
      },
      `${count} jobs have ended`,
      limitMs,
    );
  }

  /** The snapshot once it is as wished. */
  async once(wished: (snapshot: Snapshot) => boolean, what: string, limitMs = 30_000): Promise<Snapshot> {
    return until(
      async () => {
        const snapshot = await this.home.status();
        return wished(snapshot) ? snapshot : null;
      },
      what,
      limitMs,
    );
  }

  async dispose(): Promise<void> {
    if (!this.#lent) await this.home.dispose();
    await this.github.close();
    await remove(this.#archives);
  }
}
