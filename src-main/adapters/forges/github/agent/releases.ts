/** Which version of the agent to run: the one that GitHub tells this account to use, unless that one has been refused. */
import { problem, ProblemError } from '../../../../contract/problem.ts';
import type { GitHubApi } from '../api/types.ts';
import { type AgentFolders, agentName, type AgentRelease } from './folders.ts';
import { offered, published } from './offers.ts';
import type { AgentPlatform } from './platform.ts';
import { compareVersions } from './version.ts';

export interface ReleasesOptions {
  readonly folders: Pick<AgentFolders, 'kept'>;
  /** A version that the owner insists on (RUNNER_VERSION); null: the one that GitHub offers. */
  readonly pin: string | null;
  /** May a newer version be fetched than those that lie here? */
  readonly updates: () => boolean;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

/** How long an answer holds, in milliseconds. */
const freshMs = 3_600_000;
/** GitHub registers nothing older (its changelog of 2026-06-12). */
const oldest = '2.329.0';

export class Releases {
  readonly #options: ReleasesOptions;
  readonly #known = new Map<string, { release: AgentRelease; at: number }>();
  readonly #asking = new Map<string, Promise<AgentRelease>>();
  readonly #refused = new Set<string>();

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  /**
   * The version to use now for a runner at `scope`. One that lies here serves while GitHub cannot be asked. Throws the
   * API's Problems, `not-found` (no such version or platform) and `agent-outdated` (all that there is was refused).
   */
  async of(api: GitHubApi, scope: string, platform: AgentPlatform): Promise<AgentRelease> {
    const kept = await this.#kept(platform);
    const { pin, updates } = this.#options;
    if (pin === null && !updates() && kept.length > 0) return this.#choose(kept);
    const pinned = kept.find(({ version }) => version === pin);
    if (pinned !== undefined) return this.#choose([pinned]);
    try {
      const newest = await this.#newest(api, scope, platform);
      return this.#choose(pin === null ? [newest, ...kept] : [newest]);
    } catch (error) {
      const serves = pin === null && error instanceof ProblemError && error.problem.code !== 'agent-outdated';
      if (!serves || kept.length === 0) throw error;
      return this.#choose(kept);
    }
  }

  /** GitHub or this machine does not take that version: the one before it is used, until a newer one is offered. */
  refused(version: string): void {
    this.#refused.add(version);
    this.#known.clear();
  }

  /** What was offered could not be had as it was told: GitHub is asked anew. */
  doubted(): void {
    this.#known.clear();
  }

  #choose(candidates: readonly AgentRelease[]): AgentRelease {
    const good = candidates.find(({ version }) => !this.#refused.has(version));
    if (good !== undefined) return good;
    const [first] = candidates;
    throw problem(
      'agent-outdated',
      `The runner's version ${first?.version ?? ''} was refused, and there is no other one to go back to.`,
      this.#hint(),
      { link: 'https://github.com/actions/runner/releases' },
    );
  }

  #hint(): string {
    if (this.#options.pin !== null) return 'Take RUNNER_VERSION away, or name a newer one there.';
    if (!this.#options.updates())
      return 'Let it fetch new versions: `homerunner config set github.autoUpdate true`, and RUNNER_DISABLE_AUTO_UPDATE away.';
    return 'It goes on by itself when GitHub offers another version.';
  }

  /** Highest version first. */
  async #kept({ os, arch }: AgentPlatform): Promise<AgentRelease[]> {
    const all = await this.#options.folders.kept(agentName);
    return all
      .filter((release) => release.os === os && release.arch === arch)
      .filter(({ version }) => compareVersions(version, oldest) >= 0)
      .sort((a, b) => compareVersions(b.version, a.version));
  }

  /** Asked once an hour for each account: all its scopes are told the same. */
  async #newest(api: GitHubApi, scope: string, platform: AgentPlatform): Promise<AgentRelease> {
    const key = `${api.account.id} ${platform.os} ${platform.arch}`;
    const known = this.#known.get(key);
    // Where the newest is refused, another is waited for.
    const holds = known !== undefined && !this.#refused.has(known.release.version);
    if (holds && this.#options.monotonic() - known.at < freshMs) return known.release;
    const asking = this.#asking.get(key) ?? this.#ask(api, scope, platform);
    this.#asking.set(key, asking);
    try {
      const release = await asking;
      // A token for the download lives shorter than an answer holds.
      if (release.bearer === null) this.#known.set(key, { release, at: this.#options.monotonic() });
      return release;
    } finally {
      this.#asking.delete(key);
    }
  }

  async #ask(api: GitHubApi, scope: string, platform: AgentPlatform): Promise<AgentRelease> {
    const { pin } = this.#options;
    const told = await offered(api, scope, platform).catch((error: unknown) => {
      // Some tokens and some servers do not tell; the releases are public.
      if (error instanceof ProblemError && ['not-found', 'forbidden'].includes(error.problem.code))
        return null;
      throw error;
    });
    if (pin !== null) {
      if (compareVersions(pin, oldest) < 0) throw tooOld(pin);
      if (told?.version !== pin) return published(api, pin, platform);
    }
    if (told === null) return published(api, null, platform);
    if (told.sha256 !== null) return told;
    const { sha256 } = await published(api, told.version, platform);
    return { ...told, sha256 };
  }
}

function tooOld(pin: string): ProblemError {
  return problem(
    'agent-outdated',
    `GitHub takes no runner as old as ${pin}, which RUNNER_VERSION asks for.`,
    `Name ${oldest} or a newer one there, or take it away.`,
    { link: 'https://github.com/actions/runner/releases' },
  );
}
