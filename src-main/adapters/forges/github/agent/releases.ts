/** Which version of the agent to run: the one that GitHub tells this account to use, unless that one has been refused. */
import { type Problem, problem, ProblemError, problemOf } from '../../../../contract/problem.ts';
import type { GitHubApi } from '../api/types.ts';
import { type AgentFolders, agentName, type AgentRelease } from './folders.ts';
import { endOfLife, offered, published } from './offers.ts';
import type { AgentPlatform } from './platform.ts';
import type { Refusal, Refusals } from './refusals.ts';
import { compareVersions } from './version.ts';

export interface ReleasesOptions {
  readonly folders: Pick<AgentFolders, 'kept'>;
  /** A version that the owner insists on (RUNNER_VERSION); null: the one that GitHub offers. */
  readonly pin: string | null;
  /** May a newer version be fetched than those that lie here? */
  readonly updates: () => boolean;
  readonly refusals: Refusals;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

/** What there is to know of versions at one scope. */
export interface VersionView {
  /** What the next runner has. */
  readonly used: string;
  /** What GitHub tells the scope to use; null: it tells none; a Problem: it could not be asked. */
  readonly offered: string | null | Problem;
  /** When GitHub takes `used` no more, wall-clock milliseconds; null: it tells of no end. */
  readonly ends: { readonly at: number; readonly isOver: boolean } | null;
  /** The last one first. */
  readonly refused: readonly Refusal[];
  readonly pin: string | null;
  readonly updates: boolean;
}

/** The version to use, and the one that the scope is told. */
interface Newest {
  readonly release: AgentRelease;
  readonly told: string | null;
}

/** How long an answer holds, in milliseconds. */
const freshMs = 3_600_000;
/** The same where what it names was refused. */
const refusedMs = 60_000;
/** GitHub registers nothing older (its changelog of 2026-06-12). */
const oldest = '2.329.0';
export const releasesPage = 'https://github.com/actions/runner/releases';

export class Releases {
  readonly #options: ReleasesOptions;
  readonly #known = new Map<string, Newest & { at: number }>();
  readonly #ends = new Map<string, { readonly at: number | null; readonly asked: number }>();
  readonly #asking = new Map<string, Promise<Newest>>();
  /** What is used instead of what was refused, by system and architecture. */
  readonly #back = new Map<string, { readonly refused: string; readonly used: string }>();

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
      const { release } = await this.#newest(api, scope, platform);
      return this.#choose(pin === null ? [release, ...kept] : [release]);
    } catch (error) {
      const serves = pin === null && error instanceof ProblemError && error.problem.code !== 'agent-outdated';
      if (!serves || kept.length === 0) throw error;
      return this.#choose(kept);
    }
  }

  /** The same for who wants to know: throws as `of` does. */
  async look(api: GitHubApi, scope: string, platform: AgentPlatform): Promise<VersionView> {
    const { version } = await this.of(api, scope, platform);
    const { pin, updates, refusals } = this.#options;
    const offered = await this.#newest(api, scope, platform).then(
      ({ told }) => told,
      (error: unknown) => problemOf(error),
    );
    const ends = await this.#end(api, scope, version);
    return { used: version, offered, ends, refused: refusals.lately(), pin, updates: updates() };
  }

  /** Asked once an hour, as it is no more than a warning ahead. */
  async #end(api: GitHubApi, scope: string, version: string): Promise<VersionView['ends']> {
    const { monotonic, now } = this.#options;
    const key = `${api.account.id} ${version}`;
    const known = this.#ends.get(key);
    const holds = known !== undefined && monotonic() - known.asked < freshMs;
    const at = holds ? known.at : await endOfLife(api, scope, version);
    if (!holds) this.#ends.set(key, { at, asked: monotonic() });
    return at === null ? null : { at, isOver: at <= now() };
  }

  /** GitHub or this machine does not take that version: the one before it is used, until a newer one is offered. */
  refused(version: string): void {
    this.#options.refusals.add(version);
    this.#known.clear();
  }

  isRefused(version: string): boolean {
    return this.#options.refusals.has(version);
  }

  /** What was gone back from, while that lasts. */
  problems(): readonly Problem[] {
    return [...this.#back.values()].map(
      ({ refused, used }) =>
        problem(
          'agent-outdated',
          `The runner's version ${refused} was refused, and ${used} is used instead.`,
          'It goes on with a newer one as soon as GitHub offers it.',
          { link: releasesPage },
        ).problem,
    );
  }

  /** What was offered could not be had as it was told: GitHub is asked anew. */
  doubted(): void {
    this.#known.clear();
  }

  #choose(candidates: readonly AgentRelease[]): AgentRelease {
    const { refusals } = this.#options;
    const [first] = candidates;
    const other = candidates.find(({ version }) => !refusals.has(version));
    const good = other ?? candidates.find(({ version }) => refusals.againAt(version) === null);
    this.#noteBack(first, other);
    if (good !== undefined) return good;
    this.#known.clear();
    const times = candidates.flatMap(({ version }) => refusals.againAt(version) ?? []);
    throw problem(
      'agent-outdated',
      `The runner's version ${first?.version ?? ''} was refused, and there is no other one to go back to.`,
      this.#hint(),
      { link: releasesPage, ...(times.length > 0 && { retryAt: Math.min(...times) }) },
    );
  }

  #noteBack(first: AgentRelease | undefined, used: AgentRelease | undefined): void {
    if (first === undefined) return;
    const key = `${first.os} ${first.arch}`;
    if (used === undefined || used.version === first.version) this.#back.delete(key);
    else this.#back.set(key, { refused: first.version, used: used.version });
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
  async #newest(api: GitHubApi, scope: string, platform: AgentPlatform): Promise<Newest> {
    const key = `${api.account.id} ${platform.os} ${platform.arch}`;
    const known = this.#known.get(key);
    // Where the newest is refused, another is waited for.
    const holds = known === undefined || this.isRefused(known.release.version) ? refusedMs : freshMs;
    if (known !== undefined && this.#options.monotonic() - known.at < holds) return known;
    const asking = this.#asking.get(key) ?? this.#ask(api, scope, platform);
    this.#asking.set(key, asking);
    try {
      const newest = await asking;
      // A token for the download lives shorter than an answer holds.
      if (newest.release.bearer === null) this.#known.set(key, { ...newest, at: this.#options.monotonic() });
      return newest;
    } finally {
      this.#asking.delete(key);
    }
  }

  async #ask(api: GitHubApi, scope: string, platform: AgentPlatform): Promise<Newest> {
    const { pin } = this.#options;
    const offer = await offered(api, scope, platform).catch((error: unknown) => {
      // Some tokens and some servers do not tell; the releases are public.
      if (error instanceof ProblemError && ['not-found', 'forbidden'].includes(error.problem.code))
        return null;
      throw error;
    });
    const told = offer?.version ?? null;
    if (pin !== null && compareVersions(pin, oldest) < 0) throw tooOld(pin);
    if (offer === null || (pin !== null && told !== pin))
      return { told, release: await published(api, pin, platform) };
    if (offer.sha256 !== null) return { told, release: offer };
    const { sha256 } = await published(api, offer.version, platform);
    return { told, release: { ...offer, sha256 } };
  }
}

function tooOld(pin: string): ProblemError {
  return problem(
    'agent-outdated',
    `GitHub takes no runner as old as ${pin}, which RUNNER_VERSION asks for.`,
    `Name ${oldest} or a newer one there, or take it away.`,
    { link: releasesPage },
  );
}
